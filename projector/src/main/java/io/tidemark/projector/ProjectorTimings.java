package io.tidemark.projector;

import java.time.Duration;

/**
 * How long a projector waits. Immutable.
 *
 * @param commitInterval time between transactions, {@value #COMMIT_INTERVAL_MIN_MS} ms to {@value
 *     #COMMIT_INTERVAL_MAX_MS} ms: how late those who read result topics are at most, and how much
 *     is folded again after a crash. Each transaction costs bytes for every open stream that spoke
 *     in it; queries do not wait for it
 * @param silentAfter how long the log shows nothing of an open stream before it is reported as
 *     silent, more than none
 * @param missingMax how long a rebuild waits for results that it lacks and that may still be on
 *     their way, more than none
 */
public record ProjectorTimings(Duration commitInterval, Duration silentAfter, Duration missingMax) {
    /** Shortest time between transactions, in milliseconds. */
    public static final long COMMIT_INTERVAL_MIN_MS = 10;

    /** Longest, in milliseconds: half of what a broker takes for a transaction that hangs. */
    public static final long COMMIT_INTERVAL_MAX_MS = 5_000;

    /** How long a rebuild waits for what it lacks, by default. */
    public static final Duration MISSING_MAX_DEFAULT = Duration.ofMinutes(2);

    /** Checks all; messages name the field and the value found. */
    public ProjectorTimings {
        long millis = commitInterval.toMillis();
        if (millis < COMMIT_INTERVAL_MIN_MS || millis > COMMIT_INTERVAL_MAX_MS) {
            throw new IllegalArgumentException(
                    "commitInterval must be %d to %d ms, was %d ms"
                            .formatted(COMMIT_INTERVAL_MIN_MS, COMMIT_INTERVAL_MAX_MS, millis));
        }
        requirePositive("silentAfter", silentAfter);
        requirePositive("missingMax", missingMax);
    }

    /** A transaction each second; silent after ten minutes; a rebuild waits for two. */
    public static ProjectorTimings defaults() {
        return new ProjectorTimings(
                Duration.ofSeconds(1), Duration.ofMinutes(10), MISSING_MAX_DEFAULT);
    }

    /** The same with another time that a rebuild waits for what it lacks. */
    public ProjectorTimings withMissingMax(Duration max) {
        return new ProjectorTimings(commitInterval, silentAfter, max);
    }

    private static void requirePositive(String field, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(field + " must be positive, was " + value);
        }
    }
}
