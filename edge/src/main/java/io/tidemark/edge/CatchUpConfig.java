package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import java.time.Duration;

/**
 * How older parts of the log are read.
 *
 * @param consumers threads that read, each with a consumer
 * @param waitingMax with that many reads waiting, new readers that need one are turned away with
 *     503
 * @param skew how far the clock of an edge may be ahead of the brokers' for its streams to be found
 *     by their ids at once; every read of a cold stream passes over what was appended in that time
 * @param batchBytes about how many bytes of events a reader behind gets at a time
 * @param scanRecordsMax records, of any stream, that are passed before others get their turn
 * @param fetchWaitMax longest time that a broker holds a fetch which finds nothing
 */
public record CatchUpConfig(
        int consumers,
        int waitingMax,
        Duration skew,
        int batchBytes,
        int scanRecordsMax,
        Duration fetchWaitMax)
        implements EdgeConfig.Part {
    public CatchUpConfig {
        requireBetween("consumers", consumers, 1, 256);
        requireBetween("waitingMax", waitingMax, 1, 1_000_000);
        requireBetween("skew", skew, Duration.ZERO, Duration.ofHours(1));
        requireBetween("batchBytes", batchBytes, 1, 64 * 1024 * 1024);
        requireBetween("scanRecordsMax", scanRecordsMax, 1, Integer.MAX_VALUE);
        requireBetween("fetchWaitMax", fetchWaitMax, Duration.ofMillis(1), Duration.ofSeconds(5));
    }

    /** Four consumers, 1,000 waiting, 5 s of skew, batches of 256 KiB. */
    public static CatchUpConfig defaults() {
        return new CatchUpConfig(
                4, 1_000, Duration.ofSeconds(5), 256 * 1024, 200_000, Duration.ofMillis(5));
    }
}
