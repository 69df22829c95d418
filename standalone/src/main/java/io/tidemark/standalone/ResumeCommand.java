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
 * and on streams that only the log has (cold), written before the system was started, with others
 * around them.
 */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description =
                "Measures storms of readers that come back, on hot and on cold streams: the plain"
                        + " server first, then the system.")
final class ResumeCommand extends Bench {
    private static final int READERS_MAX = 20_000;
    private static final int STREAMS_MAX = 5_000;
    private static final int STORMS_MAX = 1_000;
    private static final int RECORDS_MAX = 100_000_000;
    private static final int MISSED_MAX = 1_000;
    private static final int PAUSE_MAX = 600;
    private static final Duration ENDING_MAX = Duration.ofMinutes(5);

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
            description = "storms on cold streams (${DEFAULT-VALUE})")
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
        table(report, "hot", "hot streams", plain.hot(), tidemark.hot());
        table(report, "cold", "streams that have ended", plain.cold(), tidemark.cold());
    }

    private record Both(Storms.Outcome hot, Storms.Outcome cold) {}

    private static void table(
            BenchReport report,
            String key,
            String about,
            Storms.Outcome plain,
            Storms.Outcome tidemark) {
        var cold = key.equals("cold");
        var plainLabel = Contender.PLAIN.label() + (cold ? ", from memory" : "");
        var label = Contender.TIDEMARK.label() + (cold ? ", from the log" : "");
        try (var table =
                report.table(
                        key,
                        about,
                        Column.count("resumes", "resumes"),
                        Column.count("missing", "events missing"),
                        Column.count("twice", "events twice"),
                        Column.count("refused", "refused or cut"),
                        Column.of("p50Ms", "p50 ms", 2),
                        Column.of("p90Ms", "p90 ms", 2),
                        Column.of("p99Ms", "p99 ms", 2),
                        Column.of("maxMs", "max ms", 2))) {
            table.row(plainLabel, values(plain)).row(label, values(tidemark)).ratio("ratio", 1, 0);
        }
        report.require(plainLabel, plain.tally());
        report.require(label, tidemark.tally());
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

    private Shape coldShape() {
        return new Shape(storm, coldStorms, missed);
    }

    private Both plain(Workbench workbench) throws IOException, InterruptedException {
        try (var system = workbench.start(Contender.PLAIN)) {
            var hot = hot(system);
            var written =
                    new ClockStreams(coldShape().events(), Duration.ZERO, Duration.ZERO)
                            .start(system.address(), coldStreams);
            ClockStreams.awaitEnd(system.address(), written, ENDING_MAX);
            return new Both(hot, storms(system, written, coldShape(), false));
        }
    }

    private Storms.Outcome hot(SystemProcess system) throws IOException, InterruptedException {
        var length = Duration.ofMillis(hotShape().events() * (long) (ClockStreams.RATE_MAX / rate));
        var requests =
                ClockStreams.of(rate, length, Duration.ofSeconds(1))
                        .start(system.address(), streams);
        return storms(system, requests, hotShape(), true);
    }

    private static Storms.Outcome storms(
            SystemProcess system, List<StreamRequest> requests, Shape shape, boolean live)
            throws InterruptedException {
        try (var fleet = new Fleet(system.address())) {
            return new Storms(fleet, requests, shape, live).run();
        }
    }

    private Both tidemark(Workbench workbench, BenchReport report)
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
                        workbench.start(Contender.TIDEMARK, "kafka.bootstrap-servers=" + servers);
                var probe = new SystemProbe(system)) {
            WrittenLog.awaitProjected(servers, topics, workbench.data());
            var hot = hot(system);
            double before = fromLog(probe);
            var outcome = storms(system, cold, coldShape(), false);
            double share = (fromLog(probe) - before) / outcome.resumes();
            report.say("");
            report.fact(
                    "coldResumesFromLog",
                    share,
                    "of the resumes of cold streams, the edge found %.1f %% in the log, not in memory"
                            .formatted(100 * share));
            return new Both(hot, outcome);
        }
    }

    private static double fromLog(SystemProbe probe) throws IOException, InterruptedException {
        return probe.sum("tidemark_edge_opened_total", "kind=\"resume\"", "way=\"log\"");
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
