package io.tidemark.edge.internal.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** What the tests share: one stream, its records, and what a reader needs around it. */
final class Fixture {
    static final Attempt FIRST = new Attempt(0, 1);

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private static final EdgeMetrics METRICS = new EdgeMetrics(nothing(), CLOCK);
    private static final Manners MANNERS =
            new Manners(Duration.ZERO, Duration.ZERO, Duration.ofDays(1), new Random(1));

    /** A stream that was minted after the edge was started. */
    static final StreamId NEW = StreamId.mint(CLOCK, new Random(1), 0);

    /** A stream from before. */
    static final StreamId OLD =
            StreamId.mint(InstantSource.fixed(Instant.ofEpochMilli(5)), new Random(1), 0);

    private Fixture() {}

    /* Each of a million windows would register its gauges again. */
    private static MeterRegistry nothing() {
        var registry = new SimpleMeterRegistry();
        registry.config().meterFilter(MeterFilter.deny());
        return registry;
    }

    static EventRecord.Entry event(StreamId id, long sequence) {
        return new EventRecord.Entry(
                id,
                new EventHeaders("text.delta", sequence, FIRST, null),
                ("{\"n\":" + sequence + "}").getBytes(StandardCharsets.UTF_8));
    }

    static Seen seen(StreamId id, long sequence, long offset) {
        var entry = event(id, sequence);
        return new Seen.Event(entry.headers(), FrameEncoder.encode(entry, offset, 0));
    }

    static Window window() {
        return new Window(1, Duration.ZERO, 1_000_000, 100, CLOCK, METRICS);
    }

    static LiveStream stream() {
        return LiveStream.fromStart(NEW, METRICS);
    }

    /** A reader from the beginning, of what the window has: it never gets to read the log. */
    static Reader reader(Window window, Loop loop, ReaderSink sink) {
        var index = new SparseIndex(1, Duration.ZERO, 0, 1, CLOCK, METRICS);
        BatchSource nothing =
                (_, _, _, _, _, _) -> {
                    throw new IllegalStateException("the log is not to be read");
                };
        var shared = new Reader.Shared(window, index, nothing, MANNERS, METRICS, CLOCK, _ -> {});
        return new Reader(NEW, null, 0, loop, sink, shared);
    }
}
