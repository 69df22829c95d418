package io.tidemark.edge.internal.live;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Readers of one stream, with a log, a window and a loop that move when they are told to. */
abstract class ReaderHarness {
    static final StreamId ID = Records.oldId(1);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final EdgeMetrics metrics = new EdgeMetrics(meters, Records.CLOCK);
    final ManualClock clock = new ManualClock();
    final MemoryLog log = new MemoryLog(100, clock);
    final ManualExecutor executor = new ManualExecutor();
    final Loop loop = new Loop(executor);
    final Window window = new Window(1, Duration.ZERO, 1_000_000, 100, Records.CLOCK, metrics);
    final SparseIndex index =
            new SparseIndex(1, Duration.ZERO, 1_000_000, 4, Records.CLOCK, metrics);
    final AtomicInteger done = new AtomicInteger();
    final RecordingSink sink = new RecordingSink();

    Reader reader(StreamId id, long next) {
        return reader(id, null, next);
    }

    Reader reader(StreamId id, @Nullable String tenant, long next) {
        return reader(id, tenant, next, sink);
    }

    Reader reader(StreamId id, @Nullable String tenant, long next, RecordingSink into) {
        var manners =
                new Manners(
                        Duration.ofMillis(500),
                        Duration.ofMillis(100),
                        Duration.ofDays(1),
                        new Random(1));
        var shared =
                new Reader.Shared(
                        window, index, log, manners, metrics, clock, _ -> done.incrementAndGet());
        return new Reader(id, tenant, next, loop, into, shared);
    }

    void append(int from, int to) {
        for (int i = from; i < to; i++) {
            log.append(Records.delta(ID, 1, i));
        }
    }

    void settle() {
        boolean busy = true;
        while (busy) {
            busy = log.readOne();
            busy |= executor.runOne();
        }
    }

    double inState(String state) {
        return meters.get(EdgeMetrics.READERS).tag(EdgeMetrics.STATE, state).gauge().value();
    }
}
