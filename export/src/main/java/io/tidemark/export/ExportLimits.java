package io.tidemark.export;

/**
 * How much memory an export may take.
 *
 * @param keysMax most streams, or with {@link Keep#LATEST} keys, of one partition that are
 *     remembered at a time, about 250 bytes each. With more streams the one that was quiet for
 *     longest is forgotten, and counted; with more keys the partition is read several times
 * @param rowGroupBytes about how much of a Parquet file is held until it is written; a record more
 *     at most
 */
public record ExportLimits(int keysMax, long rowGroupBytes) {
    /** Streams or keys by default: some 50 MB. */
    public static final int KEYS_MAX_DEFAULT = 200_000;

    /** Bytes of a Parquet row group by default. */
    public static final long ROW_GROUP_BYTES_DEFAULT = 16L * 1024 * 1024;

    private static final long ROW_GROUP_BYTES_MIN = 1024;

    public ExportLimits {
        requireAtLeast("keysMax", keysMax, 1);
        requireAtLeast("rowGroupBytes", rowGroupBytes, ROW_GROUP_BYTES_MIN);
    }

    /** So many streams or keys. */
    public static ExportLimits of(int keysMax) {
        return new ExportLimits(keysMax, ROW_GROUP_BYTES_DEFAULT);
    }

    private static void requireAtLeast(String field, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, was %d".formatted(field, min, value));
        }
    }
}
