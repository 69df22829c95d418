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
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * How many events a second reach how many readers, and how late: a rising rate of events, until the
 * server no longer keeps up. All readers are there before the first event.
 */
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description =
                "Measures many readers of few streams at rising rates, until the server does not"
                        + " keep up: the plain server first, then the system.")
final class FanoutCommand extends Bench {
    private static final int READERS_MAX = 100_000;
    private static final int STREAMS_MAX = 5_000;
    private static final int SECONDS_MAX = 600;
    private static final int CONNECTIONS_PER_SECOND = 2_000;
    private static final double KEPT_UP = 0.97;
    private static final Duration ENDING_MAX = Duration.ofMinutes(2);

    @Option(
            names = "--readers",
            defaultValue = "1000",
            description = "concurrent readers (${DEFAULT-VALUE})")
    private int readers;

    @Option(
            names = "--streams",
            defaultValue = "1",
            description = "streams that they read, each as many (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "10,25,50,100,200,500,1000",
            description =
                    "events per second of each stream, one load after the other, with commas"
                            + " between them (${DEFAULT-VALUE})")
    private List<Integer> rates = new ArrayList<>();

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "how long each rate is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "5",
            description =
                    "seconds of each rate before that, not measured; of the first one three times"
                            + " as many (${DEFAULT-VALUE})")
    private int warmup;

    @Option(
            names = "--late",
            defaultValue = "1000",
            description =
                    "milliseconds of p99 from which on a server does not keep up"
                            + " (${DEFAULT-VALUE})")
    private int late;

    /**
     * What was measured of a rate.
     *
     * @param offered events a second of all readers together
     */
    private record Step(
            double offered,
            Latencies latencies,
            Tally tally,
            SystemProbe.Reading system,
            double generatorCores) {
        double delivered() {
            return latencies.deliveredPerSecond();
        }

        double p99Millis() {
            return Latencies.millis(latencies.read(), 99);
        }

        boolean keptUp(int lateMillis) {
            return delivered() >= offered * KEPT_UP && p99Millis() < lateMillis;
        }

        double[] values(double rate) {
            return new double[] {
                rate,
                offered,
                delivered(),
                Latencies.millis(latencies.read(), 50),
                Latencies.millis(latencies.read(), 90),
                p99Millis(),
                Latencies.millis(latencies.read(), 99.9),
                Latencies.millis(latencies.read(), 100),
                system.cores(),
                generatorCores
            };
        }
    }

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        require("--readers", readers, 1, READERS_MAX);
        require("--streams", streams, 1, Math.min(readers, STREAMS_MAX));
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--warmup", warmup, 0, SECONDS_MAX);
        require("--late", late, 1, 60_000);
        rates.forEach(rate -> require("--rates", rate, 1, ClockStreams.RATE_MAX));
        Machine.requireFiles(readers);
        report.say(
                "%d readers of %d streams; %d s of each rate after %d s of warm-up"
                        .formatted(readers, streams, seconds, warmup));
        double plain = ceiling(workbench, report, Contender.PLAIN);
        double tidemark = ceiling(workbench, report, Contender.TIDEMARK);
        report.say("");
        tell(report, Contender.PLAIN, plain);
        tell(report, Contender.TIDEMARK, tidemark);
        double ratio = tidemark / plain;
        report.fact(
                "ceilingRatio", ratio, "ratio of what they keep up with: %.2f".formatted(ratio));
    }

    private static void tell(BenchReport report, Contender contender, double ceiling) {
        report.fact(
                "ceilingEventsPerSecond." + contender.role(),
                ceiling,
                "%s keeps up with %.0f events/s".formatted(contender.label(), ceiling));
    }

    /* What was delivered at the highest rate that it kept up with; 0 if it did with none. */
    private double ceiling(Workbench workbench, BenchReport report, Contender contender)
            throws IOException, InterruptedException {
        try (var system =
                        workbench.start(
                                contender, "edge.connections-max=" + (2 * readers + 2_000));
                var probe = new SystemProbe(system);
                var table =
                        report.table(
                                contender.role(),
                                contender.label(),
                                Column.count("rate", "events/s of a stream"),
                                Column.count("offeredPerSecond", "offered/s"),
                                Column.count("deliveredPerSecond", "delivered/s"),
                                Column.of("p50Ms", "p50 ms", 2),
                                Column.of("p90Ms", "p90 ms", 2),
                                Column.of("p99Ms", "p99 ms", 2),
                                Column.of("p999Ms", "p99.9 ms", 2),
                                Column.of("maxMs", "max ms", 2),
                                Column.of("systemCores", "cores", 2),
                                Column.of("generatorCores", "cores of clients and provider", 2))) {
            double ceiling = 0;
            int warm = 3 * warmup;
            for (int rate : new TreeSet<>(rates)) {
                var step = step(system, probe, rate, warm);
                warm = warmup;
                boolean keptUp = step.keptUp(late);
                table.row(
                        "%d readers%s".formatted(readers, keptUp ? "" : ", does not keep up"),
                        step.values(rate));
                report.require(contender.label() + " at " + rate, step.tally());
                if (!keptUp) {
                    break;
                }
                ceiling = Math.max(ceiling, step.delivered());
            }
            return ceiling;
        }
    }

    private Step step(SystemProcess system, SystemProbe probe, int rate, int warm)
            throws IOException, InterruptedException {
        var attaching = Duration.ofSeconds(2L + readers / CONNECTIONS_PER_SECOND);
        var length = Duration.ofSeconds(warm + seconds + 1L);
        var clock = ClockStreams.of(rate, length, attaching);
        var latencies = Latencies.after(attaching.plusSeconds(warm), Duration.ofSeconds(seconds));
        var requests = clock.start(system.address(), streams);
        try (var fleet = new Fleet(system.address())) {
            var all = new ArrayList<SseReader>();
            for (int i = 0; i < readers; i++) {
                all.add(fleet.add(requests.get(i % streams), latencies));
            }
            fleet.openGradually(all, CONNECTIONS_PER_SECOND);
            TimeUnit.NANOSECONDS.sleep(latencies.from() - System.nanoTime());
            var before = probe.read();
            var generatorBefore = Machine.cpu();
            TimeUnit.NANOSECONDS.sleep(latencies.until() - System.nanoTime());
            var during = probe.read().since(before);
            var generator = Machine.cpu().minus(generatorBefore);
            fleet.await(latencies::ended, readers, length.plus(ENDING_MAX));
            return new Step(
                    readers * clock.rate(),
                    latencies,
                    fleet.tally(),
                    during,
                    (double) generator.toNanos() / during.at());
        }
    }
}
