package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;

import java.time.Duration;

/**
 * A place where the log misses events of a stream, seen from before it: the first record that is
 * beyond the next sequence and that no fence has ended.
 *
 * <p>A higher attempt may still mend it, by going on at the missing sequence; after {@link
 * #FINAL_AFTER} nobody is waited for any more. Immutable.
 *
 * @param next sequence of the first event behind it
 * @param attempt attempt of that event
 * @param offset offset of its record
 * @param appendedAtMs when the broker appended it, in epoch milliseconds
 */
public record Hole(long next, Attempt attempt, long offset, long appendedAtMs) {
    /**
     * How long a hole may be mended. A writer that lost a record notices within its delivery
     * timeout, 30 s at most, and one that died is missed after its session of 10 s; the rest is for
     * the successor's fence and for reading back.
     */
    public static final Duration FINAL_AFTER = Duration.ofSeconds(60);

    boolean finalAt(long nowMs) {
        return nowMs - appendedAtMs >= FINAL_AFTER.toMillis();
    }

    /** Where a reader reads on that does not want what is missing. */
    Cursor behind() {
        return new Cursor(next, attempt, offset);
    }
}
