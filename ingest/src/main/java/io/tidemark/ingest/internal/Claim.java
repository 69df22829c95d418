package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

/**
 * A stream that is open in the log and has to be taken over. Immutable.
 *
 * @param id the stream
 * @param earliest epoch milliseconds before which it has no event, by the brokers' or the minting
 *     edge's clock
 * @param attempt highest attempt known to have been used; at least 1, since whoever had it may be
 *     about to write the first event
 */
record Claim(StreamId id, long earliest, int attempt) {
    Claim {
        requireNonNull(id, "id");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
    }
}
