package io.tidemark.auditor;

/**
 * How much memory an audit may take.
 *
 * @param streamsMax most streams of one partition that are known at a time, those included that
 *     only commands speak of; about 1.2 kilobytes each with its results, which the heap must have;
 *     with more the audit is refused, for it could not tell a stream it forgot from one that is not
 *     there
 * @param openBytesMax most bytes of events held of streams that have not ended yet; the content of
 *     a stream beyond that is not checked, and counted as {@link Count#UNFOLDED}
 * @param violationsMax most violations kept in the report; further ones are only counted
 */
public record AuditLimits(int streamsMax, long openBytesMax, int violationsMax) {
    /** Streams by default. */
    public static final int STREAMS_MAX_DEFAULT = 1_000_000;

    /** Violations by default. */
    public static final int VIOLATIONS_MAX_DEFAULT = 1_000;

    /* The rest is for the streams themselves, one result at a time and Kafka's buffers. */
    private static final int HEAP_SHARE = 4;

    public AuditLimits {
        requireAtLeast("streamsMax", streamsMax, 1);
        requireAtLeast("openBytesMax", openBytesMax, 1);
        requireAtLeast("violationsMax", violationsMax, 0);
    }

    /** So many streams and violations, and a quarter of the heap for what is open. */
    public static AuditLimits of(int streamsMax, int violationsMax) {
        return new AuditLimits(
                streamsMax, Runtime.getRuntime().maxMemory() / HEAP_SHARE, violationsMax);
    }

    private static void requireAtLeast(String field, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, was %d".formatted(field, min, value));
        }
    }
}
