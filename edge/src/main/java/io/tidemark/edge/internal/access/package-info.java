/**
 * Who asks, and what they may. An {@link io.tidemark.edge.internal.access.Authenticator} makes an
 * {@link io.tidemark.edge.internal.access.Identity} of what a request brings along; whoever serves
 * the request sees the identity alone. Nothing here knows the HTTP server or how streams are read.
 *
 * <p>All of it is thread-safe. What may have to wait for somebody else says so, and is then not
 * called on I/O threads.
 */
@NullMarked
package io.tidemark.edge.internal.access;

import org.jspecify.annotations.NullMarked;
