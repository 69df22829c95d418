package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Each benchmark with a load that is next to nothing: what it counts is right, whatever it took.
 */
@HasOwnKafka(because = "the measured server starts it")
class BenchIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void latencyComparesThreePaths() throws Exception {
        var report = bench("latency", "--streams=2", "--rate=20", "--seconds=1", "--warmup=1");

        assertThat(rows(report, "latency"))
                .containsExactly(
                        "client to simulator",
                        "client to plain server",
                        "client to edge",
                        "added to the plain server",
                        "added to the simulator",
                        "ratio to the plain server");
        for (int path = 0; path < 3; path++) {
            assertThat(table(report, "latency").get(path).path("events").asInt()).isEqualTo(40);
        }
        assertThat(rows(report, "stages")).hasSize(4);
        assertThat(out.toString()).contains("| client to edge | 40 |", "CPU of the system: ");
    }

    @Test
    void fanoutGoesThroughRatesOnBoth() throws Exception {
        /* However late: the machine that tests this may be a slow one. */
        var report =
                bench(
                        "fanout",
                        "--readers=20",
                        "--streams=2",
                        "--rates=10,20",
                        "--seconds=1",
                        "--warmup=0",
                        "--late=60000");

        for (var server : List.of("plain-server", "standalone")) {
            assertThat(table(report, server).get(0).path("offeredPerSecond").asInt())
                    .isEqualTo(200);
            assertThat(table(report, server).get(0).path("p99Ms").isNumber()).isTrue();
            assertThat(report.path("facts").has("ceilingEventsPerSecond." + server)).isTrue();
        }
        assertThat(out.toString()).contains("plain server keeps up with", "tidemark keeps up with");
    }

    @Test
    void resumeCountsWhatIsMissingInStormsOnHotAndColdStreams() throws Exception {
        var report =
                bench(
                        "resume",
                        "--storm=20",
                        "--storms=2",
                        "--cold-storms=2",
                        "--streams=2",
                        "--cold-streams=3",
                        "--rate=100",
                        "--missed=5",
                        "--records=2000",
                        "--pause=0");

        for (var kind : List.of("hot", "indexed", "cold")) {
            assertThat(rows(report, kind)).hasSize(3);
            for (int server = 0; server < 2; server++) {
                var row = table(report, kind).get(server);
                assertThat(row.path("resumes").asInt()).isEqualTo(20 * 6);
                assertThat(row.path("missing").asInt()).isZero();
                assertThat(row.path("twice").asInt()).isZero();
                assertThat(row.path("p99Ms").isNumber()).isTrue();
            }
        }
        assertThat(report.path("facts").path("endedResumesByIndex").asDouble()).isEqualTo(1);
        assertThat(report.path("facts").path("coldResumesFromLog").asDouble()).isEqualTo(1);
    }

    @Test
    void memoryLooksAtBothWithoutAndWithReaders() throws Exception {
        var report = bench("memory", "--readers=20", "--streams=2", "--settle=0");

        assertThat(rows(report, "memory")).containsExactly("plain server", "tidemark", "ratio");
        for (int server = 0; server < 2; server++) {
            var row = table(report, "memory").get(server);
            assertThat(row.path("readers").asInt()).isEqualTo(20);
            assertThat(row.path("withoutMiB").asDouble()).isPositive();
            assertThat(row.path("perReaderKb").isNumber()).isTrue();
        }
    }

    @Test
    void slowHasThoseThatStoppedReadEverythingInTheEnd() throws Exception {
        var report =
                bench(
                        "slow",
                        "--readers=20",
                        "--stalled=4",
                        "--rate=100",
                        "--seconds=2",
                        "--warmup=1");

        for (var server : List.of("plain-server", "standalone")) {
            assertThat(rows(report, server))
                    .containsExactly("everybody reads", "some stop", "ratio");
            var row = table(report, server).get(1);
            assertThat(row.path("readersMeasured").asInt()).isEqualTo(16);
            assertThat(row.path("returnedWhole").asInt()).isEqualTo(4);
            assertThat(row.path("eventsBehind").asInt()).isPositive();
        }
    }

    @Test
    void projectorCountsWhatItWritesAndFindsWhatEnded() throws Exception {
        var report =
                bench(
                        "projector",
                        "--lengths=100",
                        "--events=1000",
                        "--warmup-events=200",
                        "--streams=10",
                        "--rate=20",
                        "--lag-streams=5",
                        "--lag-rate=100",
                        "--seconds=1",
                        "--warmup=0",
                        "--state-mb=1",
                        "--commit=100");

        assertThat(rows(report, "throughput")).containsExactly("responses of 100 events");
        assertThat(rows(report, "lag"))
                .containsExactly("10 streams x 20 events/s", "5 streams x 20 events/s");
        for (var costs : List.of("read", "paced")) {
            assertThat(table(report, costs))
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(row.path("onDisk").asDouble()).isPositive())
                    .allSatisfy(row ->
                            assertThat(row.path("uncompressed").asDouble())
                                    .isLessThan(row.path("verbatim").asDouble()));
        }
        assertThat(table(report, "read").get(0).path("events").asInt()).isEqualTo(1_200);
        assertThat(table(report, "restore").get(0).path("stateMb").asDouble()).isPositive();
    }

    @Test
    void scaleAddsPartitionsUnderStreamsThatAllEndWhole() throws Exception {
        var report =
                bench(
                        "scale",
                        "--configurations=1x1",
                        "--partitions=2",
                        "--partitions-after=8",
                        "--streams=4",
                        "--rate=20",
                        "--saturating-streams=4",
                        "--tokens=100",
                        "--seconds=1",
                        "--warmup=0");

        assertThat(rows(report, "scale"))
                .containsExactly(
                        "1 worker, 1 edge, 2 partitions",
                        "1 worker, 1 edge, 2 to 8 partitions",
                        "1 worker, 1 edge, 8 partitions");
        for (int row : List.of(0, 2)) {
            assertThat(table(report, "scale").get(row).path("mostPerSecond").asDouble())
                    .isPositive();
            assertThat(table(report, "scale").get(row).path("kafkaCpu").asDouble()).isPositive();
            assertThat(table(report, "scale").get(row).path("limitedBy").asText()).contains("of ");
        }
        assertThat(table(report, "scale").get(0).path("mostToFirst").asDouble()).isEqualTo(1);
        assertThat(rows(report, "cores")).hasSize(2);
        assertThat(report.path("facts").path("across").asInt()).isPositive();
        assertThat(report.path("facts").path("startedInAdded").asInt()).isPositive();
    }

    private JsonNode bench(String name, String... options) throws Exception {
        var json = directory.resolve("figures.json");
        var arguments = new ArrayList<>(List.of("bench", name, "--json=" + json));
        arguments.addAll(List.of(options));

        int exitCode =
                Tidemark.commandLine(new NoHost())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments.toArray(String[]::new));

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).isNotBlank().doesNotContain("WRONG");
        assertThat(exitCode).isZero();
        var report = JSON.readTree(json.toFile());
        assertThat(report.path("bench").asText()).isEqualTo(name);
        assertThat(report.path("sound").asBoolean()).isTrue();
        assertThat(report.path("problems")).isEmpty();
        return report;
    }

    private static JsonNode table(JsonNode report, String key) {
        return report.path("tables").path(key);
    }

    private static List<String> rows(JsonNode report, String key) {
        var rows = new ArrayList<String>();
        table(report, key).forEach(row -> rows.add(row.path("row").asText()));
        return rows;
    }

    private static final class NoHost implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            throw new AssertionError("a benchmark ends by itself");
        }
    }
}
