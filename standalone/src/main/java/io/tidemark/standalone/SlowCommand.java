package io.tidemark.standalone;

import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.SseReader;
import io.tidemark.standalone.load.Tally;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What readers that stop to read cost the others, and the server: the same load once with everybody
 * reading and once with some that stop, stay connected, and come back afterwards.
 */
@Command(
        name = "slow",
        mixinStandardHelpOptions = true,
        description =
                "Measures readers of one stream, of which some stop to read: the plain server"
                        + " first, then the system.")
final class SlowCommand extends Bench {
    private static final int READERS_MAX = 100_000;
    private static final int SECONDS_MAX = 600;
    private static final int CONNECTIONS_PER_SECOND = 2_000;
    private static final double MIB = 1_024 * 1_024;
    private static final Duration COMING_BACK = Duration.ofSeconds(2);
    private static final Duration ENDING_MAX = Duration.ofMinutes(2);

    @Option(
            names = "--readers",
            defaultValue = "1000",
            description = "readers of the stream (${DEFAULT-VALUE})")
    private int readers;

    @Option(
            names = "--stalled",
            defaultValue = "100",
            description = "how many of them stop to read (${DEFAULT-VALUE})")
    private int stalled;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "events per second of the stream (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "how long each load is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "15",
            description = "seconds of each load before that, not measured (${DEFAULT-VALUE})")
    private int warmup;

    /**
     * What was measured of a load.
     *
     * @param behind events that those who stopped had not read when they came back, on average
     */
    private record Load(
            Latencies others,
            Tally tally,
            Tally returned,
            double behind,
            double windowBytes,
            long residentBytes) {
        double p99() {
            return Latencies.millis(others.read(), 99);
        }

        double[] values(double readersMeasured, double readersStalled) {
            return new double[] {
                readersMeasured,
                readersStalled,
                Latencies.millis(others.read(), 50),
                p99(),
                Latencies.millis(others.read(), 99.9),
                Latencies.millis(others.read(), 100),
                behind,
                returned.readers() == 0 ? Double.NaN : returned.complete(),
                residentBytes / MIB,
                windowBytes / MIB
            };
        }
    }

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        require("--readers", readers, 2, READERS_MAX);
        require("--stalled", stalled, 1, readers - 1);
        require("--rate", rate, 1, ClockStreams.RATE_MAX);
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--warmup", warmup, 0, SECONDS_MAX);
        Machine.requireFiles(readers);
        report.say(
                "%d readers of one stream with %d events/s; %d s with everybody reading, and %d s in which %d of them do not"
                        .formatted(readers, rate, seconds, seconds, stalled));
        double plain = loads(workbench, report, Contender.PLAIN);
        double tidemark = loads(workbench, report, Contender.TIDEMARK);
        report.say("");
        tell(report, Contender.PLAIN, plain);
        tell(report, Contender.TIDEMARK, tidemark);
    }

    private static void tell(BenchReport report, Contender contender, double ratio) {
        report.fact(
                "p99Ratio." + contender.role(),
                ratio,
                "p99 of the others at %s, with readers that stop to without: %.2f"
                        .formatted(contender.label(), ratio));
    }

    private double loads(Workbench workbench, BenchReport report, Contender contender)
            throws IOException, InterruptedException {
        try (var system =
                        workbench.start(
                                contender, "edge.connections-max=" + (2 * readers + 2_000));
                var probe = new SystemProbe(system);
                var table =
                        report.table(
                                contender.role(),
                                contender.label(),
                                Column.count("readersMeasured", "readers measured"),
                                Column.count("readersStalled", "that stop"),
                                Column.of("p50Ms", "p50 ms", 2),
                                Column.of("p99Ms", "p99 ms", 2),
                                Column.of("p999Ms", "p99.9 ms", 2),
                                Column.of("maxMs", "max ms", 2),
                                Column.count("eventsBehind", "events behind when back"),
                                Column.count("returnedWhole", "of them whole in the end"),
                                Column.of("residentMiB", "MiB resident", 1),
                                Column.of("windowMiB", "MiB of window", 2))) {
            /* The others are the same number in both, so that they have the same to share. */
            var without = load(system, probe, 0);
            table.row("everybody reads", without.values(readers - (double) stalled, 0));
            var with = load(system, probe, stalled);
            table.row("some stop", with.values(readers - (double) stalled, (double) stalled));
            table.ratio("ratio", 1, 0);
            report.require(contender.label() + ", everybody reads", without.tally());
            report.require(contender.label() + ", some stop", with.tally());
            return with.p99() / without.p99();
        }
    }

    private Load load(SystemProcess system, SystemProbe probe, int stopping)
            throws IOException, InterruptedException {
        var attaching = Duration.ofSeconds(2L + readers / CONNECTIONS_PER_SECOND);
        var length = Duration.ofSeconds(warmup + seconds + 1L).plus(COMING_BACK);
        var clock = ClockStreams.of(rate, length, attaching);
        var others = Latencies.after(attaching.plusSeconds(warmup), Duration.ofSeconds(seconds));
        var theirs = new Latencies(0, 0);
        var request = clock.start(system.address(), 1).getFirst();
        try (var fleet = new Fleet(system.address())) {
            var all = new ArrayList<SseReader>();
            var some = new ArrayList<SseReader>();
            for (int i = 0; i < readers; i++) {
                /* Spread among the others; those of the first load are there, but not measured. */
                boolean apart = (long) i * stalled / readers != (i + 1L) * stalled / readers;
                var reader = fleet.add(request, apart ? theirs : others);
                all.add(reader);
                if (apart && stopping > 0) {
                    reader.small();
                    some.add(reader);
                }
            }
            fleet.openGradually(all, CONNECTIONS_PER_SECOND);
            TimeUnit.NANOSECONDS.sleep(others.from() - System.nanoTime());
            fleet.each(some, SseReader::stall);
            TimeUnit.NANOSECONDS.sleep(others.until() - System.nanoTime());
            long resident = Machine.resident(system.pid());
            double window = probe.sum("tidemark_edge_window_bytes");
            double behind = comeBack(fleet, all, some);
            fleet.await(() -> others.ended() + theirs.ended(), readers, length.plus(ENDING_MAX));
            return new Load(others, fleet.tally(), fleet.tally(some), behind, window, resident);
        }
    }

    private static double comeBack(Fleet fleet, List<SseReader> all, List<SseReader> some)
            throws InterruptedException {
        var behind = new double[] {Double.NaN};
        fleet.run(() -> {
            long newest = all.stream().mapToLong(SseReader::tidemark).max().orElse(-1);
            behind[0] =
                    some.stream()
                            .mapToLong(reader -> newest - reader.tidemark())
                            .average()
                            .orElse(Double.NaN);
            some.forEach(SseReader::cut);
            some.forEach(SseReader::open);
        });
        fleet.await(() -> 1, 1, COMING_BACK);
        return behind[0];
    }
}
