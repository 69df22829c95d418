package io.tidemark.standalone;

import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.SseReader;
import io.tidemark.standalone.load.StreamRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader that waits costs: resident memory of the server's process with and without readers
 * of streams that have begun and say nothing, each time after a garbage collection.
 */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description =
                "Measures how much memory of the server's process idle readers take: the plain"
                        + " server first, then the system.")
final class MemoryCommand extends Bench {
    private static final int READERS_MAX = 100_000;
    private static final int STREAMS_MAX = 1_000;
    private static final int CONNECTIONS_PER_SECOND = 2_000;
    private static final int WARM_SHARE = 20;
    private static final double MIB = 1_024 * 1_024;
    private static final double KB = 1_000;
    private static final Duration ATTACHING_MAX = Duration.ofMinutes(2);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    @Option(
            names = "--readers",
            defaultValue = "10000",
            description = "idle readers (${DEFAULT-VALUE})")
    private int readers;

    @Option(
            names = "--streams",
            defaultValue = "10",
            description = "silent streams that they read (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--settle",
            defaultValue = "20",
            description =
                    "seconds between the last connection and a look, in which heartbeats go out"
                            + " (${DEFAULT-VALUE})")
    private int settle;

    private record Look(int readers, long bytes) {
        double perReader(Look base) {
            return (double) (bytes - base.bytes) / (readers - base.readers);
        }
    }

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        require("--readers", readers, 4, READERS_MAX);
        require("--streams", streams, 1, STREAMS_MAX);
        require("--settle", settle, 0, 120);
        Machine.requireFiles(readers);
        report.say(
                "%d idle readers of %d silent streams; resident memory after a garbage collection"
                        .formatted(readers, streams));
        var plain = looks(workbench, report, Contender.PLAIN);
        var tidemark = looks(workbench, report, Contender.TIDEMARK);
        try (var table =
                report.table(
                        "memory",
                        "server",
                        Column.count("readers", "readers"),
                        Column.of("withoutMiB", "MiB without", 1),
                        Column.of("halfMiB", "MiB with half of them", 1),
                        Column.of("withMiB", "MiB with all", 1),
                        Column.of("perReaderKb", "KB per reader", 2),
                        Column.of("perReaderOfSecondHalfKb", "KB per reader of the 2nd half", 2))) {
            table.row(Contender.PLAIN.label(), values(plain))
                    .row(Contender.TIDEMARK.label(), values(tidemark))
                    .ratio("ratio", 1, 0);
        }
    }

    private double[] values(List<Look> looks) {
        var base = looks.getFirst();
        var half = looks.get(1);
        var all = looks.getLast();
        return new double[] {
            readers,
            base.bytes() / MIB,
            half.bytes() / MIB,
            all.bytes() / MIB,
            all.perReader(base) / KB,
            all.perReader(half) / KB
        };
    }

    private List<Look> looks(Workbench workbench, BenchReport report, Contender contender)
            throws IOException, InterruptedException {
        try (var system =
                workbench.start(
                        contender,
                        "edge.connections-max=" + (2 * readers + 2_000),
                        "providers.openai.idle-timeout=1h",
                        "providers.openai.first-byte-timeout=1h")) {
            var clock = new ClockStreams(1, SILENCE, Duration.ofMillis(1));
            var requests = clock.start(system.address(), streams);
            warm(system, requests);
            var looks = new ArrayList<Look>();
            try (var fleet = new Fleet(system.address())) {
                var latencies = new Latencies(0, 0);
                var all = new ArrayList<SseReader>();
                for (int i = 0; i < readers; i++) {
                    all.add(fleet.add(requests.get(i % streams), latencies));
                }
                looks.add(look(system, 0));
                int half = readers / 2;
                attach(fleet, latencies, all.subList(0, half), half);
                looks.add(look(system, half));
                attach(fleet, latencies, all.subList(half, readers), readers);
                looks.add(look(system, readers));
                judge(report, contender, fleet, latencies);
            }
            return looks;
        }
    }

    private void judge(BenchReport report, Contender contender, Fleet fleet, Latencies latencies) {
        var tally = fleet.tally();
        if (tally.cameBack() > 0 || latencies.attached() != readers || !tally.sound()) {
            report.problem(
                    "%s: of %d readers %d were answered, and %d had to come back"
                            .formatted(
                                    contender.label(),
                                    readers,
                                    latencies.attached(),
                                    tally.cameBack()));
        }
    }

    /* Classes and code that the first readers bring along are not what a reader costs. */
    private void warm(SystemProcess system, List<StreamRequest> requests)
            throws InterruptedException {
        try (var fleet = new Fleet(system.address())) {
            var latencies = new Latencies(0, 0);
            var some = new ArrayList<SseReader>();
            for (int i = 0; i < Math.max(1, readers / WARM_SHARE); i++) {
                some.add(fleet.add(requests.get(i % streams), latencies));
            }
            attach(fleet, latencies, some, some.size());
        }
    }

    private static void attach(
            Fleet fleet, Latencies latencies, List<SseReader> some, int attachedThen)
            throws InterruptedException {
        fleet.openGradually(some, CONNECTIONS_PER_SECOND);
        if (!fleet.await(latencies::attached, attachedThen, ATTACHING_MAX)) {
            throw new BenchFailedException(
                    "after %s only some of %d readers were answered"
                            .formatted(ATTACHING_MAX, attachedThen));
        }
    }

    private Look look(SystemProcess system, int attached) throws IOException, InterruptedException {
        Thread.sleep(Duration.ofSeconds(settle));
        return new Look(attached, Machine.residentAfterCollection(system.pid()));
    }
}
