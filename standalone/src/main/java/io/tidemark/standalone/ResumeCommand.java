package io.tidemark.standalone;

import io.tidemark.schemas.Topics;
import io.tidemark.standalone.BenchReport.Column;
import io.tidemark.standalone.Storms.Shape;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.StreamRequest;
import io.tidemark.standalone.settings.SettingsLoader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What coming back costs when everybody does so at once: on streams that are being written (hot),
 * on the same streams when they have ended and others have taken their place in memory (indexed),
 * and on streams that only the log has (cold), written before the system was started, with others
 * around them.
 */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description =
                "Measures storms of readers that come back, on hot streams, on ones that left the"
                        + " memory and on cold ones: the plain server first, then the system.")
final class ResumeCommand extends Bench {
    private static final int READERS_MAX = 20_000;
    private static final int STREAMS_MAX = 5_000;
    private static final int STORMS_MAX = 1_000;
    private static final int RECORDS_MAX = 100_000_000;
    private static final int MISSED_MAX = 1_000;
    private static final int PAUSE_MAX = 600;
    private static final Duration ENDING_MAX = Duration.ofMinutes(5);

    /* A small window, and records enough to fill it: an event takes more than 200 bytes of it. */
    private static final String WINDOW = "edge.window-bytes-max=16MiB";
    private static final int RECORDS_OF_WINDOW = 16 * 1024 * 1024 / 200;

    /* An edge is sure of the beginning of what was minted when it had been there for 5 s. */
    private static final int SECONDS_OF_EDGE = 6;

    private static final Column[] COLUMNS = {
        Column.count("resumes", "resumes"),
        Column.count("missing", "events missing"),
        Column.count("twice", "events twice"),
        Column.count("refused", "refused or cut"),
        Column.of("p50Ms", "p50 ms", 2),
        Column.of("p90Ms", "p90 ms", 2),
        Column.of("p99Ms", "p99 ms", 2),
        Column.of("maxMs", "max ms", 2)
    };

    @Option(
            names = "--storm",
            defaultValue = "1000",
            description = "readers that come back at once (${DEFAULT-VALUE})")
    private int storm;

    @Option(
            names = "--storms",
            defaultValue = "50",
            description = "storms on hot streams (${DEFAULT-VALUE})")
    private int storms;

    @Option(
            names = "--cold-storms",
            defaultValue = "10",
            description = "storms on streams that are not in memory (${DEFAULT-VALUE})")
    private int coldStorms;

    @Option(
            names = "--streams",
            defaultValue = "10",
            description = "hot streams that they are on (${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--cold-streams",
            defaultValue = "200",
            description = "cold streams that they are on (${DEFAULT-VALUE})")
    private int coldStreams;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "events per second of each hot stream (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--missed",
            defaultValue = "10",
            description = "events that a reader reads before it is cut off (${DEFAULT-VALUE})")
    private int missed;

    @Option(
            names = "--records",
            defaultValue = "1000000",
            description =
                    "records of other streams in the topic, half of them before the cold streams"
                            + " and half behind (${DEFAULT-VALUE})")
    private int records;

    @Option(
            names = "--pause",
            defaultValue = "6",
            description =
                    "seconds between the first half and the cold streams; an edge that looks for a"
                            + " stream passes over what was written in the 5 s before it"
                            + " (${DEFAULT-VALUE})")
    private int pause;

    @Override
    void measure(Workbench workbench, BenchReport report) throws IOException, InterruptedException {
        require("--storm", storm, 1, READERS_MAX);
        require("--storms", storms, 1, STORMS_MAX);
        require("--cold-storms", coldStorms, 1, STORMS_MAX);
        require("--streams", streams, 1, Math.min(storm, STREAMS_MAX));
        require("--cold-streams", coldStreams, 1, Math.min(storm, STREAMS_MAX));
        require("--rate", rate, 1, ClockStreams.RATE_MAX);
        require("--missed", missed, 1, MISSED_MAX);
        require("--records", records, 0, RECORDS_MAX);
        require("--pause", pause, 0, PAUSE_MAX);
        Machine.requireFiles(2 * storm);
        report.say(
                "%d readers come back at once, %d times to %d hot streams with %d events/s and %d times to %d cold ones; %d other records"
                        .formatted(storm, storms, streams, rate, coldStorms, coldStreams, records));
        var plain = plain(workbench);
        var tidemark = tidemark(workbench, report);
        var memory = Contender.PLAIN.label() + ", from memory";
        var label = Contender.TIDEMARK.label();
        table(
                report,
                "hot",
                "hot streams",
                new Row(Contender.PLAIN.label(), plain.hot()),
                new Row(label, tidemark.hot()));
        table(
                report,
                "indexed",
                "streams that have ended and left the window",
                new Row(memory, plain.ended()),
                new Row(label + ", by the index", tidemark.ended()));
        table(
                report,
                "cold",
                "streams that ended before the edge came",
                new Row(memory, plain.cold()),
                new Row(label + ", by the time index", tidemark.cold()));
    }

    private record Outcomes(Storms.Outcome hot, Storms.Outcome ended, Storms.Outcome cold) {}

    private record Row(String label, Storms.Outcome outcome) {}

    private static void table(
            BenchReport report, String key, String about, Row plain, Row tidemark) {
        report.require(plain.label(), plain.outcome().tally());
        report.require(tidemark.label(), tidemark.outcome().tally());
        try (var table = report.table(key, about, COLUMNS)) {
            table.row(plain.label(), values(plain.outcome()))
                    .row(tidemark.label(), values(tidemark.outcome()))
                    .ratio("ratio", 1, 0);
        }
    }

    private static double[] values(Storms.Outcome outcome) {
        return new double[] {
            outcome.resumes(),
            outcome.tally().gaps(),
            outcome.tally().duplicates(),
            outcome.tally().cameBack(),
            Latencies.millis(outcome.waited(), 50),
            Latencies.millis(outcome.waited(), 90),
            Latencies.millis(outcome.waited(), 99),
            Latencies.millis(outcome.waited(), 100)
        };
    }

    private Shape hotShape() {
        return new Shape(storm, storms, missed);
    }

    /* Hot streams have no more events than were needed while they were hot. */
    private Shape endedShape() {
        return new Shape(storm, Math.min(storms, coldStorms), missed);
    }

    private Shape coldShape() {
        return new Shape(storm, coldStorms, missed);
    }

    private Outcomes plain(Workbench workbench) throws IOException, InterruptedException {
        try (var system = workbench.start(Contender.PLAIN)) {
            var requests = hot(system);
            var hot = storms(system, requests, hotShape(), true);
            var ended = storms(system, requests, endedShape(), false);
            var written =
                    new ClockStreams(coldShape().events(), Duration.ZERO, Duration.ZERO)
                            .start(system.address(), coldStreams);
            ClockStreams.awaitEnd(system.address(), written, ENDING_MAX);
            return new Outcomes(hot, ended, storms(system, written, coldShape(), false));
        }
    }

    private List<StreamRequest> hot(SystemProcess system) throws IOException, InterruptedException {
        var length = Duration.ofMillis(hotShape().events() * (long) (ClockStreams.RATE_MAX / rate));
        return ClockStreams.of(rate, length, Duration.ofSeconds(1))
                .start(system.address(), streams);
    }

    private static Storms.Outcome storms(
            SystemProcess system, List<StreamRequest> requests, Shape shape, boolean live)
            throws InterruptedException {
        try (var fleet = new Fleet(system.address())) {
            return new Storms(fleet, requests, shape, live).run();
        }
    }

    private Outcomes tidemark(Workbench workbench, BenchReport report)
            throws IOException, InterruptedException {
        var data = "data-dir=" + workbench.data();
        var topics = new Roles(SettingsLoader.load(null, Map.of(), List.of(data)), "none").topics();
        String servers;
        List<StreamRequest> cold;
        try (var kafka = workbench.start("kafka", List.of(data))) {
            servers = kafka.announced();
            cold = write(servers, topics);
        }
        try (var system =
                        workbench.start(
                                Contender.TIDEMARK, "kafka.bootstrap-servers=" + servers, WINDOW);
                var probe = new SystemProbe(system)) {
            WrittenLog.awaitProjected(servers, topics, workbench.data());
            TimeUnit.SECONDS.sleep(SECONDS_OF_EDGE);
            var requests = hot(system);
            var hot = storms(system, requests, hotShape(), true);
            try (var log = WrittenLog.open(servers, topics)) {
                log.others(RECORDS_OF_WINDOW);
            }
            WrittenLog.awaitProjected(servers, topics, workbench.data());
            report.say("");
            double index = found(probe, "index");
            var ended = storms(system, requests, endedShape(), false);
            share(
                    report,
                    "endedResumesByIndex",
                    (found(probe, "index") - index) / ended.resumes(),
                    "of the resumes of streams that left the window, the edge found %.1f %% by its index");
            double log = found(probe, "log");
            var outcome = storms(system, cold, coldShape(), false);
            share(
                    report,
                    "coldResumesFromLog",
                    (found(probe, "log") - log) / outcome.resumes(),
                    "of the resumes of cold streams, the edge found %.1f %% by the log's time index");
            return new Outcomes(hot, ended, outcome);
        }
    }

    private static void share(BenchReport report, String key, double share, String line) {
        report.fact(key, share, line.formatted(100 * share));
    }

    private static double found(SystemProbe probe, String way)
            throws IOException, InterruptedException {
        return probe.sum("tidemark_edge_opened_total", "kind=\"resume\"", "way=\"" + way + "\"");
    }

    private List<StreamRequest> write(String servers, Topics topics) throws InterruptedException {
        try (var log = WrittenLog.open(servers, topics)) {
            log.others(records / 2);
            TimeUnit.SECONDS.sleep(pause);
            var cold = log.streams(coldStreams, coldShape().events());
            log.others(records - records / 2);
            return cold.stream().map(id -> ClockStreams.events(id.toString())).toList();
        }
    }
}
