package io.tidemark.standalone;

import io.tidemark.schemas.StreamId;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The loads of an installation that is measured. Every stream of each of them is read to its end
 * and checked, those of the warm-up too. Confined to the thread that measures.
 */
final class ScaleLoads {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int STEADY_WARMUP_PART = 3;
    private static final long CHANGE_STREAM_SECONDS = 8;
    private static final Duration CHANGE_MAX = Duration.ofHours(1);
    private static final Duration ALL_OPEN_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final BenchReport report;
    private final Plan plan;
    private final List<StreamId> started = new ArrayList<>();
    private long eventsRead;

    /**
     * What is asked for.
     *
     * @param steady streams of the load that is the same for all
     * @param rate events a second of each of them
     * @param saturating streams as fast as they are taken
     * @param tokens of each of those
     * @param seconds how long each is measured
     * @param warmup seconds before that
     */
    record Plan(int steady, int rate, int saturating, int tokens, int seconds, int warmup) {
        ClockStreams paced(long length) {
            return ClockStreams.of(rate, Duration.ofSeconds(length), Duration.ZERO);
        }

        /** Events a second of the load that is the same for all. */
        double offered() {
            return steady * paced(1).rate();
        }
    }

    ScaleLoads(BenchReport report, Plan plan) {
        this.report = report;
        this.plan = plan;
    }

    /** What was measured of as much as an installation can take. */
    record Peak(double eventsPerSecond, CpuUse cpu) {}

    /**
     * What was measured while partitions were added.
     *
     * @param across streams that began before they were and ended afterwards
     * @param sharedAfter seconds until the workers shared the new ones as well
     * @param replacedAfter seconds until the last edge was replaced, too
     * @param deliveredPerSecond until then
     */
    record Change(
            Latencies seen,
            long across,
            double sharedAfter,
            double replacedAfter,
            double deliveredPerSecond) {}

    /** As much as it can take: each stream as fast as the provider writes and everybody reads. */
    Peak peak(String who, ScaleSystem system) throws IOException, InterruptedException {
        var clock = new ClockStreams(plan.tokens(), Duration.ZERO, Duration.ZERO);
        var seen = Latencies.after(seconds(plan.warmup()), seconds(plan.seconds()));
        try (var relay = StreamRelay.start(system.edges(), plan.saturating(), clock, seen)) {
            TimeUnit.NANOSECONDS.sleep(seen.from() - System.nanoTime());
            var before = system.cpu();
            TimeUnit.NANOSECONDS.sleep(seen.until() - System.nanoTime());
            var cpu = system.cpu().since(before);
            finish(who + ", as much as it can take", relay);
            return new Peak(seen.deliveredPerSecond(), cpu);
        }
    }

    /** The load that is the same for all; each stream is as long as it is measured, and longer. */
    Latencies steady(String who, ScaleSystem system) throws IOException, InterruptedException {
        int warm = plan.warmup() / STEADY_WARMUP_PART;
        var seen = Latencies.after(seconds(warm), seconds(plan.seconds()));
        var clock = plan.paced(warm + plan.seconds() + 1L);
        try (var relay = StreamRelay.start(system.edges(), plan.steady(), clock, seen)) {
            TimeUnit.NANOSECONDS.sleep(seen.until() - System.nanoTime());
            finish(who + ", the same load", relay);
            return seen;
        }
    }

    /**
     * The same load while partitions are added to all topics and edges are replaced one by one, so
     * that they begin streams there.
     */
    Change change(String who, ScaleSystem system, int partitions)
            throws IOException, InterruptedException {
        var seen = Latencies.after(Duration.ZERO, CHANGE_MAX);
        var clock = plan.paced(CHANGE_STREAM_SECONDS);
        try (var relay = StreamRelay.start(system.edges(), plan.steady(), clock, seen)) {
            awaitAllOpen(relay);
            var open = relay.open();
            long from = System.nanoTime();
            long read = relay.events();
            system.addPartitions(partitions);
            long across = open.stream().filter(relay.open()::contains).count();
            system.awaitShared(partitions);
            double shared = secondsSince(from);
            for (int i = 0; i < system.edges().size(); i++) {
                int edge = i;
                system.replaceEdge(edge, address -> relay.moveTo(edge, address));
            }
            double replaced = secondsSince(from);
            double delivered = (relay.events() - read) / replaced;
            finish(who + ", while partitions are added", relay);
            return new Change(seen, across, shared, replaced, delivered);
        }
    }

    private void awaitAllOpen(StreamRelay relay) throws InterruptedException {
        long deadline = System.nanoTime() + ALL_OPEN_MAX.toNanos();
        while (relay.open().size() < plan.steady() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private void finish(String who, StreamRelay relay) throws IOException, InterruptedException {
        var tally = relay.finish();
        report.require(who, tally);
        started.addAll(relay.started());
        eventsRead += tally.events();
    }

    /** Streams that were started so far. */
    int streams() {
        return started.size();
    }

    /** Those of them in a partition or any behind it. */
    long streamsFrom(int partition) {
        return started.stream().filter(id -> id.partition() >= partition).count();
    }

    /** Events that were read of them. */
    long eventsRead() {
        return eventsRead;
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / NANOS_PER_SECOND;
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }
}
