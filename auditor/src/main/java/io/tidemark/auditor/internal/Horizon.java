package io.tidemark.auditor.internal;

import io.tidemark.schemas.Scope;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a partition's records begin, which tells what retention may have removed. Immutable.
 *
 * @param beginning offset of the first record that is left; 0 if nothing was removed
 * @param firstAppendedAt log time of that record; the end of time if none is left
 */
public record Horizon(long beginning, Instant firstAppendedAt) {
    /** How far the clocks of edges and brokers may be apart. */
    public static final Duration CLOCK_SKEW = Scope.CLOCK_SKEW;

    /** A partition that still has all its records. */
    public static Horizon none() {
        return new Horizon(0, Instant.EPOCH);
    }

    /** Whether a record that was written about then may have been removed. */
    boolean mayHaveRemoved(Instant time) {
        return beginning > 0
                && (firstAppendedAt.equals(Instant.MAX)
                        || !time.isAfter(firstAppendedAt.plus(CLOCK_SKEW)));
    }
}
