package io.tidemark.ingest.internal;

/**
 * A stream whose terminal event is in the log.
 *
 * @param attempt the attempt that wrote it, or found it there
 * @param lastSequence the terminal's sequence
 */
record Told(int attempt, long lastSequence) {}
