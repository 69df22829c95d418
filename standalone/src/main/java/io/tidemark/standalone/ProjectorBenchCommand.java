package io.tidemark.standalone;

import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.ProjectorLoad.Sums;
import io.tidemark.standalone.settings.Keys;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the projector's state costs: one instance with one stream thread in a process of its own,
 * Kafka in another, and a log that is written straight into the topic. What a simpler projector
 * would have written is reckoned from the same streams.
 */
@Command(
        name = "projector",
        mixinStandardHelpOptions = true,
        description =
                "Measures the projector: how fast it reads a log, how many bytes its changelogs take"
                        + " for each byte of text, how soon a response is found, and how long a lost"
                        + " state takes to come back.")
final class ProjectorBenchCommand extends Bench {
    private static final int STREAMS_MAX = 5_000;
    private static final int SECONDS_MAX = 3_600;
    private static final int EVENTS_MAX = 100_000_000;
    private static final int RATE_MAX = 100_000;
    private static final int STATE_MB_MAX = 10_000;
    private static final int COMMIT_MS_MAX = 5_000;
    private static final int SIDE_BY_SIDE = 10;
    private static final int SECONDS_OF_STREAM = 10;
    private static final double BYTES_PER_MB = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final Duration LINGER = Duration.ofMillis(20);

    private static final Column[] COSTS = {
        Column.count("responses", "responses"),
        Column.count("events", "events"),
        Column.of("onDisk", "changelog bytes per byte of text", 2),
        Column.of("uncompressed", "uncompressed", 2),
        Column.of("verbatim", "events as they are", 1),
        Column.of("rewritten", "response at each commit", 1)
    };

    @Option(
            names = "--lengths",
            split = ",",
            defaultValue = "1000,10000,100000",
            description = "events per response of a log that is read (${DEFAULT-VALUE})")
    private List<Integer> lengths = List.of();

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "events of such a log, at least one response (${DEFAULT-VALUE})")
    private int events;

    @Option(
            names = "--warmup-events",
            defaultValue = "500000",
            description = "events before them, not timed (${DEFAULT-VALUE})")
    private int warmupEvents;

    @Option(
            names = "--streams",
            defaultValue = "200",
            description = "concurrent streams at the pace of a model (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "30",
            description = "events per second of each (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--lag-streams",
            defaultValue = "100",
            description = "concurrent streams whose ends are waited for (${DEFAULT-VALUE})")
    private int lagStreams;

    @Option(
            names = "--lag-rate",
            defaultValue = "5000",
            description = "events per second of all of them (${DEFAULT-VALUE})")
    private int lagRate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long each pace is measured (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "15",
            description = "seconds of each pace before that (${DEFAULT-VALUE})")
    private int warmup;

    @Option(
            names = "--state-mb",
            defaultValue = "32",
            description = "text of open streams that is restored, in 10^6 bytes (${DEFAULT-VALUE})")
    private int stateMb;

    @Option(
            names = "--commit",
            defaultValue = "1000",
            description = "milliseconds between transactions (${DEFAULT-VALUE})")
    private int commitMs;

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        check();
        report.say(
                "%d events in responses of %s; %d streams x %d events/s; %d streams with %d events/s in all; a transaction every %d ms"
                        .formatted(events, lengths, streams, rate, lagStreams, lagRate, commitMs));
        try (var kafka = workbench.start("kafka", List.of("data-dir=" + workbench.data()))) {
            var servers = kafka.announced();
            read(report, prefix -> new ProjectorSubject(workbench, servers, prefix, 1, commitMs));
            paced(
                    report,
                    prefix ->
                            new ProjectorSubject(
                                    workbench,
                                    servers,
                                    prefix,
                                    Keys.PARTITIONS_OF_ONE_PROCESS,
                                    commitMs));
            restored(report, new ProjectorSubject(workbench, servers, "restored", 1, commitMs));
        }
    }

    private void check() {
        lengths.forEach(length -> require("--lengths", length, LoadStream.LENGTH_MIN, EVENTS_MAX));
        require("--events", events, 1, EVENTS_MAX);
        require("--warmup-events", warmupEvents, 1, EVENTS_MAX);
        require("--streams", streams, 1, STREAMS_MAX);
        require("--rate", rate, 1, ClockStreams.RATE_MAX);
        require("--lag-streams", lagStreams, 1, STREAMS_MAX);
        require("--lag-rate", lagRate, lagStreams, RATE_MAX);
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--warmup", warmup, 0, SECONDS_MAX);
        require("--state-mb", stateMb, 1, STATE_MB_MAX);
        require("--commit", commitMs, 10, COMMIT_MS_MAX);
    }

    /* A log that is there: how fast it is read, and what that writes. */
    private void read(BenchReport report, Function<String, ProjectorSubject> subjects)
            throws IOException, InterruptedException {
        var costs = new LinkedHashMap<String, double[]>();
        try (var table =
                report.table(
                        "throughput",
                        "a log that is read",
                        Column.of("eventsPerSecond", "events/s", 0),
                        Column.of("eventsPerCpuSecond", "events per second of CPU", 0),
                        Column.of("cores", "cores", 2))) {
            for (int length : lengths) {
                var label = "responses of %d events".formatted(length);
                var subject = subjects.apply("read" + length);
                try (var load = subject.load(new LoadWords(), LINGER)) {
                    table.row(label, speed(subject, load, length));
                    costs.put(label, cost(subject, load.sums(), length));
                }
            }
        }
        costs(report, "read", "what it wrote", costs);
    }

    private double[] speed(ProjectorSubject subject, ProjectorLoad load, int length)
            throws IOException, InterruptedException {
        var warm = load.whole(Math.ceilDiv(warmupEvents, length), length, SIDE_BY_SIDE);
        int count = Math.ceilDiv(events, length);
        var last = load.whole(count, length, SIDE_BY_SIDE);
        try (var system = subject.start();
                var queries = new ProjectorQueries(system.address())) {
            queries.awaitEnd(warm);
            long from = System.nanoTime();
            var cpu = system.cpu();
            queries.awaitEnd(last);
            double took = (System.nanoTime() - from) / NANOS_PER_SECOND;
            double used = system.cpu().minus(cpu).toNanos() / NANOS_PER_SECOND;
            subject.settle();
            double read = (double) count * length;
            return new double[] {read / took, read / used, used / took};
        }
    }

    /* Streams at the pace of models: what they cost, and how soon their ends are found. */
    private void paced(BenchReport report, Function<String, ProjectorSubject> subjects)
            throws IOException, InterruptedException {
        var costs = new LinkedHashMap<String, double[]>();
        try (var table =
                report.table(
                        "lag",
                        "from the end in the log to the response found",
                        Column.count("responses", "responses"),
                        Column.of("p50Ms", "p50 ms", 1),
                        Column.of("p99Ms", "p99 ms", 1),
                        Column.of("maxMs", "max ms", 1),
                        Column.of("cores", "cores", 2))) {
            for (var pace : List.of(pace(streams, rate), pace(lagStreams, lagRate / lagStreams))) {
                var label = "%d streams x %d events/s".formatted(pace.streams(), pace.rate());
                var subject = subjects.apply("paced" + costs.size());
                try (var load = subject.load(new LoadWords(), Duration.ZERO)) {
                    table.row(label, lag(report, label, subject, load, pace));
                    costs.put(label, cost(subject, load.sums(), pace.length()));
                }
            }
        }
        costs(report, "paced", "what it wrote", costs);
    }

    private PacedLoad pace(int concurrent, int each) {
        int length = Math.min(SECONDS_OF_STREAM, seconds) * each;
        return new PacedLoad(concurrent, each, Math.max(LoadStream.LENGTH_MIN, length));
    }

    private double[] lag(
            BenchReport report,
            String label,
            ProjectorSubject subject,
            ProjectorLoad load,
            PacedLoad pace)
            throws IOException, InterruptedException {
        try (var system = subject.start();
                var queries = new ProjectorQueries(system.address())) {
            long from = System.nanoTime();
            var cpu = system.cpu();
            pace.run(load, queries, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds));
            queries.finish();
            double cores = (double) system.cpu().minus(cpu).toNanos() / (System.nanoTime() - from);
            if (queries.missing() > 0) {
                report.problem(
                        "%s: %d responses were not found".formatted(label, queries.missing()));
            }
            subject.settle();
            return values(queries.lags(), cores);
        }
    }

    private static double[] values(Histogram lags, double cores) {
        return new double[] {
            lags.getTotalCount(),
            Latencies.millis(lags, 50),
            Latencies.millis(lags, 99),
            Latencies.millis(lags, 100),
            cores
        };
    }

    private double[] cost(ProjectorSubject subject, Sums sums, long length)
            throws InterruptedException {
        var changelogs = subject.changelogs();
        return new double[] {
            sums.streams(),
            sums.events(),
            sums.perTextByte(changelogs.onDisk()),
            sums.perTextByte(changelogs.uncompressed()),
            sums.perTextByte(sums.eventBytes()),
            rewritten(length)
        };
    }

    /* A text that grows by as much at each of n commits is written n times, half of it on average. */
    private double rewritten(long length) {
        double commits = Math.ceil(length * MILLIS_PER_SECOND / rate / commitMs);
        return (commits + 1) / 2;
    }

    private static void costs(
            BenchReport report, String key, String about, Map<String, double[]> rows) {
        try (var table = report.table(key, about, COSTS)) {
            rows.forEach(table::row);
        }
    }

    private void restored(BenchReport report, ProjectorSubject subject)
            throws IOException, InterruptedException {
        var outcome = new ProjectorRestore(subject).measure((long) (stateMb * BYTES_PER_MB));
        double mb = outcome.stateBytes() / BYTES_PER_MB;
        try (var table =
                report.table(
                        "restore",
                        "from start to ready",
                        Column.count("stateMb", "MB of state on disk"),
                        Column.of("seconds", "s", 2))) {
            table.row("with its state", mb, outcome.secondsWithState())
                    .row("state deleted", mb, outcome.secondsWithout())
                    .added("added by the restore", 1, 0);
        }
    }
}
