package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

/**
 * How much of the recent past is kept in memory. When a bound is passed, streams that have ended
 * and that nobody reads are let go first, then what is older of the others; readers of what is not
 * there go on from the log.
 *
 * @param bytesMax most bytes of events
 * @param streamsMax most streams with events
 * @param indexBytesMax most bytes of places where events are in the log, about: streams whose
 *     events are let go are found by them without a search. A place costs 96 bytes, a stream 512
 *     beside its places
 * @param eventsPerPlace a place is kept about every that many events of a stream; the longer the
 *     stream, the fewer
 */
public record WindowConfig(long bytesMax, int streamsMax, long indexBytesMax, int eventsPerPlace)
        implements EdgeConfig.Part {
    public WindowConfig {
        requireBetween("bytesMax", bytesMax, 1L, Long.MAX_VALUE);
        requireBetween("streamsMax", streamsMax, 1, 10_000_000);
        requireBetween("indexBytesMax", indexBytesMax, 0L, Long.MAX_VALUE);
        requireBetween("eventsPerPlace", eventsPerPlace, 1, 1_000_000);
    }

    /** One with the default index. */
    public WindowConfig(long bytesMax, int streamsMax) {
        this(bytesMax, streamsMax, Runtime.getRuntime().maxMemory() / 32, 64);
    }

    /** A quarter of the heap and 50,000 streams; a 32nd of the heap, every 64 events. */
    public static WindowConfig defaults() {
        return new WindowConfig(Runtime.getRuntime().maxMemory() / 4, 50_000);
    }

    /** The same with another budget of the index. */
    public WindowConfig withIndex(long bytes) {
        return new WindowConfig(bytesMax, streamsMax, bytes, eventsPerPlace);
    }
}
