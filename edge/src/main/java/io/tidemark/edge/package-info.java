/**
 * The edge: the HTTP API through which clients start, read, resume and cancel streams. {@link
 * io.tidemark.edge.Edge} is the server, {@link io.tidemark.edge.EdgeConfig} what it needs to know;
 * {@code docs/protocol.md} describes what it speaks.
 *
 * <p>Undertow's I/O threads serve connections and never block, one thread tails the log, a few read
 * older parts of it, and what has to block, such as a produced command's acknowledgement, runs on
 * virtual threads.
 */
@NullMarked
package io.tidemark.edge;

import org.jspecify.annotations.NullMarked;
