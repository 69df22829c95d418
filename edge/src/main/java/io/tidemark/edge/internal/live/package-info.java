/**
 * Streams as readers see them: the {@link io.tidemark.edge.internal.live.Tail tail} of the log, the
 * {@link io.tidemark.edge.internal.live.Window window} of recent frames it fills, the {@link
 * io.tidemark.edge.internal.live.CatchUp catch-up} pool that reads older parts of the log, and the
 * {@link io.tidemark.edge.internal.live.Reader reader} that joins the two. Nothing here knows HTTP:
 * a reader writes to a {@link io.tidemark.edge.internal.live.ReaderSink sink}.
 *
 * <p>One thread tails, a few threads read the log for catch-up, and each reader is confined to one
 * {@link io.tidemark.edge.internal.live.Loop loop}, which over HTTP is the I/O thread of its
 * connection. They meet in {@link io.tidemark.edge.internal.live.LiveStream}, which is guarded by
 * its own lock, held for a few array stores at a time.
 */
@NullMarked
package io.tidemark.edge.internal.live;

import org.jspecify.annotations.NullMarked;
