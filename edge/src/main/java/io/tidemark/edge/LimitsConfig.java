package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

/**
 * What a client may do.
 *
 * @param bodyBytesMax largest request body; beyond it, 413
 * @param bodiesBytesMax most memory for all request bodies at once, at least one of the largest;
 *     beyond it, 503
 * @param headerBytesMax largest request line and headers together; beyond it, 400
 * @param connectionsMax connections at once, more than readers, so that there is room for health
 *     checks and cancels; further ones wait to be accepted
 * @param readersMax readers at once; beyond it, 503
 */
public record LimitsConfig(
        int bodyBytesMax,
        long bodiesBytesMax,
        int headerBytesMax,
        int connectionsMax,
        int readersMax)
        implements EdgeConfig.Part {
    private static final long BODIES_BYTES_MOST = 1L << 40;

    public LimitsConfig {
        requireBetween("bodyBytesMax", bodyBytesMax, 1, 512 * 1024 * 1024);
        requireBetween("bodiesBytesMax", bodiesBytesMax, (long) bodyBytesMax, BODIES_BYTES_MOST);
        requireBetween("headerBytesMax", headerBytesMax, 256, 1024 * 1024);
        requireBetween("readersMax", readersMax, 1, 999_999);
        requireBetween("connectionsMax", connectionsMax, readersMax + 1, 1_000_000);
    }

    /**
     * Bodies of 8 MiB, 256 MiB of them at once, headers of 32 KiB, 22,000 connections and 20,000
     * readers.
     */
    public static LimitsConfig defaults() {
        return new LimitsConfig(8 * 1024 * 1024, 256L * 1024 * 1024, 32 * 1024, 22_000, 20_000);
    }
}
