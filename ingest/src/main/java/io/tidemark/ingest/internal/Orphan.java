package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.StreamId;

import java.util.OptionalLong;

/**
 * A stream that is open in the log and that nobody vouches for: it has to be taken over. Immutable.
 *
 * @param id the stream
 * @param earliest epoch milliseconds before which it has no event, by the brokers' or the minting
 *     edge's clock
 * @param attempt highest attempt known to have been used; at least number 1, since whoever had it
 *     may be about to write the first event
 * @param next sequence up to which the log is known to hold it; 0 if nothing is known
 * @param offset where the log is known to hold it up to there, -1 if nothing is known
 */
record Orphan(StreamId id, long earliest, Attempt attempt, long next, long offset) {
    Orphan {
        requireNonNull(id, "id");
        requireNonNull(attempt, "attempt");
        if (attempt.number() < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
    }

    /** One of which nothing is known but that it was begun. */
    Orphan(StreamId id, long earliest, Attempt attempt) {
        this(id, earliest, attempt, 0, -1);
    }

    /** One of our own, which was written up to there under an attempt that nobody fenced. */
    static Orphan ours(StreamId id, Attempt attempt, Unacknowledged.Acknowledged known) {
        return new Orphan(id, id.time().toEpochMilli(), attempt, known.next(), known.offset());
    }

    /** The same, to be read from its beginning. */
    Orphan whole() {
        return new Orphan(id, earliest, attempt);
    }

    /** Where reading it may begin, if that is known. */
    OptionalLong from() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset + 1);
    }

    /** A reader's guard at that place. */
    ReaderGuard guard() {
        return offset < 0 ? ReaderGuard.fromStart() : ReaderGuard.resuming(attempt, next);
    }
}
