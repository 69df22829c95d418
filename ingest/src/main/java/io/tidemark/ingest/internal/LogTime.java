package io.tidemark.ingest.internal;

import java.time.Duration;

/**
 * The time that has passed in a partition while it was read, in milliseconds: what lies between its
 * records by their timestamps, but of the silence between two of them only so much. Nobody could
 * say anything while Kafka stood still; and it may have been no silence, but another broker's clock
 * that is ahead.
 *
 * <p>Confined to one thread.
 */
final class LogTime {
    private final long silenceCountedMaxMs;
    private long newest = -1;
    private long now;

    /**
     * @param silenceCountedMax how much of the time between two records counts
     */
    LogTime(Duration silenceCountedMax) {
        this.silenceCountedMaxMs = silenceCountedMax.toMillis();
    }

    /**
     * A record was read.
     *
     * @param timestamp when the broker appended it
     * @return false if it is older than one that was read before: late, or read again
     */
    boolean pass(long timestamp) {
        if (timestamp < newest) {
            return false;
        }
        if (newest >= 0) {
            now += Math.min(timestamp - newest, silenceCountedMaxMs);
        }
        newest = timestamp;
        return true;
    }

    long now() {
        return now;
    }
}
