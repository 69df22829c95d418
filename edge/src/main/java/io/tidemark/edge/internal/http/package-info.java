/**
 * The edge's HTTP API on Undertow: the {@link io.tidemark.edge.internal.http.Router router}, a
 * handler for each call, problems as RFC 9457 has them, and the {@link
 * io.tidemark.edge.internal.http.StreamedResponse response} to which a reader writes.
 *
 * <p>Handlers are called on I/O threads and do not block there. A request that has to wait for the
 * log is moved to a virtual thread; one that waits for a stream or for the projector is answered
 * from a callback, on its I/O thread.
 */
@NullMarked
package io.tidemark.edge.internal.http;

import org.jspecify.annotations.NullMarked;
