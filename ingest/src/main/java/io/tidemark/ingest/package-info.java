/**
 * The ingest role: takes stream commands from Kafka, calls providers, and writes what they stream
 * as events, one writer for each stream. {@link io.tidemark.ingest.IngestWorker} is the whole of
 * it; the records beside it are what it is told.
 *
 * <p>The worker is thread-safe and the records are immutable. Inside, one thread takes commands and
 * each stream has a virtual thread of its own.
 */
@NullMarked
package io.tidemark.ingest;

import org.jspecify.annotations.NullMarked;
