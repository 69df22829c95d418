package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

/**
 * A stream that is open in the log and that nobody vouches for: it has to be taken over. Immutable.
 *
 * @param id the stream
 * @param earliest epoch milliseconds before which it has no event, by the brokers' or the minting
 *     edge's clock
 * @param attempt highest attempt known to have been used; at least number 1, since whoever had it
 *     may be about to write the first event
 */
record Orphan(StreamId id, long earliest, Attempt attempt) {
    Orphan {
        requireNonNull(id, "id");
        requireNonNull(attempt, "attempt");
        if (attempt.number() < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
    }
}
