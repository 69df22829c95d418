package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.devkit.Recording;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The auditor on what the whole system has written, and on what nobody should have written. */
@HasOwnKafka(because = "the node under test starts it")
class VerifyIT {
    private static final List<String> MODELS =
            List.of(
                    "sim-answer",
                    "sim-unicode",
                    "sim-reasoning",
                    "sim-tool",
                    "sim-refusal",
                    "sim-max-tokens",
                    "sim-filter",
                    "sim-fail");

    private static final Duration DONE_MAX = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Started STARTED =
            new Started("openai", "gpt-5", null, null, 1, null, null, null, null);
    private static final Failed ABORTED =
            Failed.of(ErrorCode.ABORTED, "The worker was stopped.", false);

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    /* The streams that are there before each test, and the sequences of their terminal events. */
    private static final Map<String, Long> ENDED = new LinkedHashMap<>();

    private static String kafka;
    private static String written;
    private static TidemarkClient edge;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void writeStreams() throws Exception {
        kafka = "127.0.0.1:" + FreePort.find();
        var settings =
                List.of(
                        "data-dir=" + data,
                        "kafka.bootstrap-servers=" + kafka,
                        "topics.partitions=3",
                        "projector.prices=" + prices("ours", "1.25"),
                        "simulator.first-token=0ms",
                        "simulator.token-interval=0ms",
                        "simulator.recordings-dir=" + Recording.defaultRoot());
        var node = StandaloneNode.start(SettingsLoader.load(null, Map.of(), settings), STACK);
        edge = STACK.push("client", new TidemarkClient(node.addEdge(0)));
        for (var api : RecordedApi.values()) {
            for (var model : MODELS) {
                follow(api, model, Map.of());
            }
            follow(api, "sim-answer", Map.of("sim_fault", "reset"));
        }
        awaitDone(ENDED.keySet());
        written = Instant.now().toString();
    }

    private static void follow(RecordedApi api, String model, Map<String, String> directives)
            throws IOException, InterruptedException {
        var id = edge.start(api.api(), api.request(model, directives));
        ENDED.put(id, Followed.whole(edge, id).getLast().sequence());
    }

    /* Which is a moment after the end. */
    private static void awaitDone(Set<String> ids) {
        var bytes = new ByteArrayDeserializer();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka), bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor("tidemark.commands").stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var open = new HashSet<>(ids);
            long deadline = System.nanoTime() + DONE_MAX.toNanos();
            while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
                for (var record : consumer.poll(POLL)) {
                    if (CommandCodec.decode(record.value()) instanceof Command.Done done) {
                        open.remove(done.requestId().toString());
                    }
                }
            }
            assertThat(open).as("streams that no worker has said the end of").isEmpty();
        }
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void findsNothingUntilARecordIsForgedAndThenThatRecord() throws Exception {
        var before = verify("--until", written, "--closed", "--json");
        assertThat(before.exitCode()).as(before.text()).isZero();
        assertThat(before.json().at("/counts/streams").asInt()).isEqualTo(ENDED.size());
        assertThat(before.json().at("/counts/open").asInt()).isZero();
        assertThat(before.json().at("/counts/pending").asInt()).isZero();
        assertThat(before.json().at("/counts/not-compared").asInt()).isZero();
        assertThat(before.json().at("/outcomes/completed").asInt()).isPositive();
        assertThat(before.json().path("violationsTotal").asInt(-1)).isZero();

        var forged = ENDED.entrySet().iterator().next();
        long offset = forge(StreamId.parse(forged.getKey()), forged.getValue() + 1);

        var after = verify("--until", written, "--closed", "--json");
        assertThat(after.exitCode()).isEqualTo(1);
        assertThat(after.json().path("violationsTotal").asInt()).isEqualTo(1);
        var found = after.json().at("/violations/0");
        assertThat(found.path("code").asText()).isEqualTo("after-terminal");
        assertThat(found.path("requestId").asText()).isEqualTo(forged.getKey());
        assertThat(found.path("offset").asLong()).isEqualTo(offset);

        var lines = verify("--id", forged.getKey());
        assertThat(lines.exitCode()).isEqualTo(1);
        assertThat(lines.text())
                .containsPattern("streams +1\n")
                .contains("after-terminal tidemark.events-", forged.getKey())
                .doesNotContain("forged text");
    }

    @Test
    void findsNothingInWhatRecordedStreamsBecome() throws Exception {
        assumeTrue(Recording.defaultRoot().toFile().isDirectory(), "no recordings");
        var from = Instant.now().toString();
        var followed = new HashSet<String>();
        for (var api : RecordedApi.values()) {
            for (var recording : api.recordings()) {
                var request = api.request("recording:" + recording.name(), Map.of());
                var id = edge.start(api.api(), request);
                Followed.whole(edge, id);
                followed.add(id);
            }
        }

        awaitDone(followed);
        var report = verify("--since", from, "--closed", "--json");

        assertThat(report.exitCode()).as(report.text()).isZero();
        assertThat(report.json().at("/counts/streams").asInt()).isEqualTo(followed.size());
        System.out.printf("verified: %d recorded streams%n", followed.size());
    }

    @Test
    void oneStreamIsAuditedAlone() throws Exception {
        var second = List.copyOf(ENDED.keySet()).get(1);

        var report = verify("--id", second, "--json");

        assertThat(report.exitCode()).as(report.text()).isZero();
        assertThat(report.json().at("/counts/streams").asInt()).isEqualTo(1);
    }

    @Test
    void aCostIsJudgedByTheTableThatItIsToldOf() throws Exception {
        var second = List.copyOf(ENDED.keySet()).get(1);

        var ours = verify("--id", second, "--set", "projector.prices=" + file("ours"));
        assertThat(ours.exitCode()).as(ours.text()).isZero();

        var theirs =
                verify(
                        "--id",
                        second,
                        "--json",
                        "--set",
                        "projector.prices=" + prices("theirs", "1.24"));
        assertThat(theirs.exitCode()).isEqualTo(1);
        assertThat(theirs.json().path("violationsTotal").asInt()).isEqualTo(1);
        assertThat(theirs.json().at("/violations/0/code").asText()).isEqualTo("cost-mismatch");
    }

    @Test
    void aTableThatCannotBeReadIsMisuse() throws Exception {
        var broken = prices("broken", "free");

        assertThat(verify("--set", "projector.prices=" + broken).exitCode()).isEqualTo(2);
        assertThat(err.toString())
                .contains("broken.yaml: prices[0].input must be a decimal")
                .contains("was 'free'");
    }

    private static Path file(String table) {
        return data.resolve(table + ".yaml");
    }

    private static Path prices(String table, String input) throws IOException {
        return Files.writeString(
                file(table),
                """
                name: %s
                prices:
                  - {model: "*", currency: USD, valid-from: 2020-01-01T00:00:00Z, input: %s, output: 10}
                """
                        .formatted(table, input));
    }

    @Test
    void aRangeWithoutStreamsHasNone() throws Exception {
        var report = verify("--until", "2020-01-01T00:00:00Z", "--json");

        assertThat(report.exitCode()).isZero();
        assertThat(report.json().at("/counts/streams").asInt(-1)).isZero();
    }

    @Test
    void whatNoProjectorReadsIsPendingAndNotChecked() throws Exception {
        var idle = new String[] {"--set", "topics.prefix=idle", "--set", "topics.partitions=2"};
        assertThat(run("topics", idle).exitCode()).isZero();
        var id = StreamId.mint(InstantSource.system(), new SecureRandom(), 1);
        append("idle.events", id, 0, Placement.NONE, STARTED);
        append("idle.events", id, 1, Placement.NONE, ABORTED);

        var report = run("verify", "--set", "topics.prefix=idle", "--wait", "0ms", "--json");

        assertThat(report.exitCode()).as(report.text()).isEqualTo(2);
        assertThat(report.json().path("complete").asBoolean(true)).isFalse();
        assertThat(report.json().path("violationsTotal").asInt(-1)).isZero();
        assertThat(report.json().at("/counts/pending").asInt()).isEqualTo(1);
        assertThat(report.json().at("/outcomes/failed/aborted").asInt()).isEqualTo(1);
    }

    @Test
    void topicsThatAreNotThereCannotBeChecked() {
        var report = verify("--set", "topics.prefix=elsewhere");

        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(err.toString())
                .contains("cannot describe topic elsewhere.")
                .contains("it does not exist at " + kafka);
    }

    @Test
    void aKafkaThatDoesNotAnswerCannotBeChecked() throws IOException {
        var nobody = "127.0.0.1:" + FreePort.find();

        var report =
                verify(
                        "--set", "kafka.bootstrap-servers=" + nobody,
                        "--set", "kafka.default.api.timeout.ms=1000",
                        "--set", "kafka.request.timeout.ms=1000");

        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(err.toString()).contains("tidemark: cannot describe topic").contains(nobody);
    }

    private record Run(int exitCode, String text) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(text);
        }
    }

    private Run verify(String... arguments) {
        return run("verify", arguments);
    }

    private Run run(String command, String... arguments) {
        out.getBuffer().setLength(0);
        var host = new FixedHost(Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", kafka));
        var all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exitCode =
                Tidemark.commandLine(host)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(all);
        return new Run(exitCode, out.toString());
    }

    private record FixedHost(Map<String, String> environment) implements Host {
        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }

    private static long forge(StreamId id, long sequence) throws Exception {
        return append(
                "tidemark.events",
                id,
                sequence,
                Placement.content(0, 0, null),
                new TextDelta("forged text", null));
    }

    private static long append(
            String topic, StreamId id, long sequence, Placement place, EventBody body)
            throws Exception {
        var event = new StreamEvent(id, sequence, id.time().toEpochMilli(), place, body);
        var bytes = new ByteArraySerializer();
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka), bytes, bytes)) {
            return producer.send(EventRecord.of(topic, event, Attempt.first(0), null))
                    .get()
                    .offset();
        }
    }
}
