package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command, on a topic that is larger than the heap it is given. */
@RunsOnKafka
class ExportIT {
    private static final int RECORDS = 300_000;
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    private static TestKafka kafka;
    private static Topics topics;

    @TempDir private Path directory;
    @TempDir private Path elsewhere;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void write(TestKafka kafka) {
        ExportIT.kafka = kafka;
        var defaults = Topics.defaults();
        topics =
                new Topics(
                        kafka.prefix("export"),
                        defaults.partitions(),
                        defaults.replicationFactor(),
                        defaults.eventRetention(),
                        defaults.commandRetention(),
                        defaults.resultRetention());
        try (var log = WrittenLog.open(kafka.bootstrapServers(), topics)) {
            log.others(RECORDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "ndjson"})
    void aTopicIsExportedInASmallHeap(String format) throws Exception {
        var file = directory.resolve("events." + format);

        var export = start(file, format);

        assertThat(export.waitFor(WAIT_MAX.toMinutes(), TimeUnit.MINUTES)).isTrue();
        assertThat(export.exitValue()).as(said()).isZero();
        assertThat(said())
                .contains(
                        "exported "
                                + RECORDS
                                + " records of "
                                + topics.events().name()
                                + " to "
                                + file);
        assertThat(
                        count(
                                format.equals("parquet")
                                        ? "SELECT count(DISTINCT (request_id, sequence)) FROM '%s'"
                                                .formatted(file)
                                        : "SELECT count(DISTINCT (requestId, sequence)) FROM '%s'"
                                                .formatted(file)))
                .isEqualTo(RECORDS);
        assertThat(files()).containsExactly(file);
    }

    /* Whether the signal comes before the end is up to the machine; half a file there never is. */
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "ndjson"})
    void anExportThatIsToldToEndLeavesNothingHalf(String format) throws Exception {
        var file = directory.resolve("events." + format);
        var export = start(file, format);
        await().atMost(WAIT_MAX)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !files().isEmpty() || !export.isAlive());

        export.destroy();

        assertThat(export.waitFor(WAIT_MAX.toMinutes(), TimeUnit.MINUTES)).isTrue();
        if (files().isEmpty()) {
            assertThat(export.exitValue()).isNotZero();
            assertThat(said()).contains("ended before its time");
        } else {
            assertThat(files()).containsExactly(file);
            assertThat(count("SELECT count(*) FROM '" + file + "'")).isEqualTo(RECORDS);
        }
    }

    private Process start(Path file, String format) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx48m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Tidemark.class.getName());
        command.addAll(List.of("export", "--topic=events", "--format=" + format, "--out=" + file));
        command.addAll(settings());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(elsewhere.resolve("said").toFile())
                .start();
    }

    private static List<String> settings() {
        return List.of(
                "--set",
                "kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--set",
                "topics.prefix=" + topics.prefix());
    }

    private String said() throws IOException {
        return Files.readString(elsewhere.resolve("said"));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static long count(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            results.next();
            return results.getLong(1);
        }
    }

    @Test
    void standardOutputGetsTheLinesAndNothingElse() {
        assertThat(export("--topic", "events", "--format", "ndjson", "--out", "-")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(RECORDS)
                .allMatch(line -> line.startsWith("{\"schemaVersion\":1,") && line.endsWith("}"));
        assertThat(err.toString())
                .contains(
                        "exported "
                                + RECORDS
                                + " records of "
                                + topics.events().name()
                                + " to standard output");
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() {
        var nowhere = directory.resolve("nowhere").resolve("usage.parquet").toString();

        assertThat(export("--topic", "usage", "--format", "parquet", "--out", nowhere))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "tidemark: export of "
                                + topics.usage().name()
                                + " failed: it cannot be written: there is no directory "
                                + directory.resolve("nowhere"));
    }

    private int export(String... arguments) {
        var all = new ArrayList<>(List.of("export"));
        all.addAll(List.of(arguments));
        all.addAll(settings());
        return Tidemark.commandLine(new Terminal(out))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private record Terminal(OutputStream standardOutput) implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            throw new UnsupportedOperationException("an export runs to its end");
        }
    }
}
