/**
 * What every dialect writes a response with. {@link
 * io.tidemark.ingest.internal.output.DialectNormaliser} turns signals into JSON for a {@link
 * io.tidemark.ingest.internal.output.Dialect} and sees to it that there is one end; {@link
 * io.tidemark.ingest.internal.output.OutputWriter} writes items and their lanes and keeps the
 * promises made of them; {@link io.tidemark.ingest.internal.output.Outbox} collects what comes of
 * it. A dialect knows how its provider spells things, and nothing of sequences, hashes or limits.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.output;

import org.jspecify.annotations.NullMarked;
