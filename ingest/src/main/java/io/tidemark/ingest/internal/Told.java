package io.tidemark.ingest.internal;

import io.tidemark.schemas.Attempt;

/**
 * A stream whose terminal event is in the log.
 *
 * @param attempt the attempt that wrote it, or found it there
 * @param lastSequence the terminal's sequence
 */
record Told(Attempt attempt, long lastSequence) {}
