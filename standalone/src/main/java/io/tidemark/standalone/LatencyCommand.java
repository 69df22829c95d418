package io.tidemark.standalone;

import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.StreamRequest;
import io.tidemark.standalone.load.Tally;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What the durable path adds: the same clients, the same simulator and the same load, connected to
 * the simulator itself, through the plain server, and through worker, Kafka and edge, one after the
 * other. What is under test is a process of its own; clients and simulator share another.
 */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "Measures the time from when a provider's event was due to the client's read:"
                        + " directly, through a plain server, and through the durable path.")
final class LatencyCommand extends Bench {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int STREAMS_MAX = 5_000;
    private static final int SECONDS_MAX = 3_600;
    private static final Duration ENDING_MAX = Duration.ofMinutes(1);

    @Option(
            names = "--streams",
            defaultValue = "200",
            description = "concurrent streams (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "30",
            description = "events per second of each stream (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long each path is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "40",
            description = "seconds of the same load before that, not measured (${DEFAULT-VALUE})")
    private int warmup;

    /**
     * What was measured of a path.
     *
     * @param system what the process under test said of the same time
     */
    private record Path(Latencies latencies, Tally tally, SystemProbe.Reading system) {
        Histogram read() {
            return latencies.read();
        }
    }

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        require("--streams", streams, 1, STREAMS_MAX);
        require("--rate", rate, 1, ClockStreams.RATE_MAX);
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--warmup", warmup, 0, SECONDS_MAX);
        Machine.requireFiles(2 * streams);
        report.say(
                "%d streams x %d events/s; %d s of each path after %d s of warm-up"
                        .formatted(streams, rate, seconds, warmup));
        var direct = direct(workbench);
        var plain = through(workbench, Contender.PLAIN);
        var durable = through(workbench, Contender.TIDEMARK);
        paths(report, direct.latencies(), plain, durable);
        stages(report, durable);
        report.require("client to simulator", direct.tally());
        report.require("client to plain server", plain.tally());
        report.require("client to edge", durable.tally());
    }

    private record Direct(Latencies latencies, Tally tally) {}

    private Direct direct(Workbench workbench) throws IOException, InterruptedException {
        var clock = clock();
        var request = clock.request().put("stream", true).toString();
        var path = workbench.provider().getPath() + "/responses";
        try (var fleet = new Fleet(workbench.provider())) {
            var latencies = latencies();
            for (int i = 0; i < streams; i++) {
                var reader = fleet.add(new StreamRequest.Start(path, request), latencies);
                fleet.run(reader::open);
            }
            return new Direct(latencies, ended(fleet, latencies));
        }
    }

    private Path through(Workbench workbench, Contender contender)
            throws IOException, InterruptedException {
        try (var system = workbench.start(contender);
                var probe = new SystemProbe(system);
                var fleet = new Fleet(system.address())) {
            return through(system.address(), probe, fleet);
        }
    }

    private Path through(URI address, SystemProbe probe, Fleet fleet)
            throws IOException, InterruptedException {
        var requests = clock().start(address, streams);
        var latencies = latencies();
        for (var request : requests) {
            fleet.run(fleet.add(request, latencies)::open);
        }
        TimeUnit.NANOSECONDS.sleep(latencies.from() - System.nanoTime());
        var warm = probe.read();
        TimeUnit.NANOSECONDS.sleep(latencies.until() - System.nanoTime());
        var system = probe.read().since(warm);
        return new Path(latencies, ended(fleet, latencies), system);
    }

    /* Streams are longer than the measured time by a second: it begins after the first has. */
    private ClockStreams clock() {
        return ClockStreams.of(rate, Duration.ofSeconds(warmup + seconds + 1L), Duration.ZERO);
    }

    private Latencies latencies() {
        return Latencies.after(Duration.ofSeconds(warmup), Duration.ofSeconds(seconds));
    }

    private Tally ended(Fleet fleet, Latencies latencies) throws InterruptedException {
        fleet.await(
                latencies::ended,
                streams,
                Duration.ofSeconds(warmup + seconds + 1L).plus(ENDING_MAX));
        return fleet.tally();
    }

    private static void paths(BenchReport report, Latencies direct, Path plain, Path durable) {
        try (var table =
                report.table(
                        "latency",
                        "path",
                        Column.count("events", "events"),
                        Column.of("p50Ms", "p50 ms", 2),
                        Column.of("p90Ms", "p90 ms", 2),
                        Column.of("p99Ms", "p99 ms", 2),
                        Column.of("p999Ms", "p99.9 ms", 2),
                        Column.of("maxMs", "max ms", 2))) {
            table.row("client to simulator", values(direct.read()))
                    .row("client to plain server", values(plain.read()))
                    .row("client to edge", values(durable.read()))
                    .added("added to the plain server", 2, 1)
                    .added("added to the simulator", 2, 0)
                    .ratio("ratio to the plain server", 2, 1);
        }
    }

    private static double[] values(Histogram histogram) {
        return new double[] {
            histogram.getTotalCount(),
            Latencies.millis(histogram, 50),
            Latencies.millis(histogram, 90),
            Latencies.millis(histogram, 99),
            Latencies.millis(histogram, 99.9),
            Latencies.millis(histogram, 100)
        };
    }

    /* What no clock stands behind is what is left: from the edge's write to the client's read. */
    private static void stages(BenchReport report, Path durable) {
        var stamped = durable.latencies().stamped();
        var appended = durable.system().stampToAppend();
        var written = durable.system().appendToWrite();
        double toWorker = stamped.getMean() / NANOS_PER_MILLI;
        double mean = durable.read().getMean() / NANOS_PER_MILLI;
        double rest = mean - toWorker - appended.meanMillis() - written.meanMillis();
        try (var table =
                report.table(
                        "stages",
                        "where the time goes",
                        Column.of("meanMs", "mean ms", 2),
                        Column.of("p50Ms", "p50 ms", 2),
                        Column.of("p99Ms", "p99 ms", 2))) {
            table.row(
                            "provider's write to worker's stamp",
                            toWorker,
                            Latencies.millis(stamped, 50),
                            Latencies.millis(stamped, 99))
                    .row("worker's stamp to broker's append", values(appended))
                    .row("broker's append to edge's write", values(written))
                    .row("edge's write to client's read", rest, Double.NaN, Double.NaN);
        }
        report.say("");
        double perEvent =
                durable.system().cpu().toNanos() / NANOS_PER_MICRO / durable.read().getTotalCount();
        report.fact(
                "systemCpuMicrosPerEvent",
                perEvent,
                "CPU of the system: %.0f µs per event, %.2f cores"
                        .formatted(perEvent, durable.system().cores()));
    }

    private static double[] values(MeterHistogram timer) {
        return new double[] {
            timer.meanMillis(), timer.percentileMillis(50), timer.percentileMillis(99)
        };
    }
}
