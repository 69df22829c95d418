package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.projector.Projector;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Folding again what a real projector has published from a real log. */
@HasOwnKafka(because = "its topics have their names by default")
class ReplayIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Started STARTED =
            new Started("openai", "gpt-5", null, null, 1, null, null, null, Map.of("who", "me"));
    private static final Completed COMPLETED =
            new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null);
    private static final String SECRET = "twice a day";
    private static final Duration PUBLISHED_MAX = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final AtomicLong NUMBERS = new AtomicLong();

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static String kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        kafka = "127.0.0.1:" + FreePort.find();
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of(),
                        List.of(
                                "data-dir=" + data,
                                "kafka.bootstrap-servers=" + kafka,
                                "topics.partitions=3"));
        Roles.kafka(settings, STACK);
        Projector projector = new Roles(settings, kafka).projector(STACK, "test", 0);
        Roles.awaitReady(projector);
        var bytes = new ByteArraySerializer();
        producer =
                STACK.push(
                        "producer",
                        new KafkaProducer<>(
                                Map.<String, Object>of("bootstrap.servers", kafka), bytes, bytes));
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void whatTheLogFoldsToIsWhatWasPublished() throws Exception {
        var id = mint();
        whole(id);

        var run = replay("--id", id.toString());

        assertThat(run.exitCode()).as(err.toString()).isZero();
        assertThat(run.lines().getFirst()).isEqualTo(id + " equal");
        assertThat(run.lines().getLast()).startsWith("replayed 1: equal 1, differs 0");
    }

    @Test
    void fencesZombiesGapsAndGarbageAreFoldedAsTheProjectorDoes() throws Exception {
        var id = mint();
        send(fence(id, 1));
        send(event(id, 1, 0, STARTED));
        send(event(id, 1, 1, text("a")));
        send(fence(id, 2));
        send(event(id, 1, 2, text("of a writer that a fence has ended")));
        send(event(id, 2, 2, text("b")));
        send(event(id, 2, 2, text("again")));
        send(event(id, 2, 5, text("behind a gap")));
        send(garbage(id, 2, 6));
        send(new ProducerRecord<>("tidemark.events", id.partition(), id.key(), new byte[3]));
        send(event(id, 2, 7, COMPLETED));
        send(event(id, 2, 8, text("after the end")));

        var run = replay("--id", id.toString(), "--print");

        assertThat(run.exitCode()).as(err.toString()).isZero();
        var response = JSON.readTree(run.text());
        assertThat(response.at("/warnings/0").asText()).isEqualTo("events_missing");
        assertThat(response.at("/items/0/content/0/text").asText()).isEqualTo("abbehind a gap");
        assertThat(err.toString()).contains(id + " equal");
    }

    @Test
    void whatWasAlteredIsToldByPointersAndNeverByContent() throws Exception {
        var id = mint();
        whole(id);
        assertThat(replay("--id", id.toString()).exitCode()).isZero();
        republish(
                id,
                "tidemark.responses",
                response -> {
                    ((ObjectNode) response.at("/items/0/content/0")).put("text", "once a day");
                    ((ObjectNode) response.path("metadata")).put("who", "somebody else");
                    response.remove("finishReason");
                    response.put("secret member", 1);
                });

        var run = replay("--id", id.toString(), "--format", "json");

        assertThat(run.exitCode()).isEqualTo(1);
        var told = JSON.readTree(run.lines().getFirst());
        assertThat(told.path("requestId").asText()).isEqualTo(id.toString());
        assertThat(told.path("verdict").asText()).isEqualTo("differs");
        assertThat(told.path("differences"))
                .extracting(it -> it.path("kind").asText() + " " + it.path("pointer").asText())
                .containsExactly(
                        "changed /metadata",
                        "missing /finishReason",
                        "changed /items/0/content/0/text",
                        "changed ");
        var text = told.at("/differences/2");
        assertThat(text.path("topic").asText()).isEqualTo("tidemark.responses");
        assertThat(text.at("/folded/bytes").asInt()).isEqualTo(SECRET.length() + 2);
        assertThat(text.at("/published/bytes").asInt()).isEqualTo("once a day".length() + 2);
        assertThat(text.at("/folded/sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(run.text()).doesNotContain(SECRET, "once a day", "somebody", "secret member");
        assertThat(JSON.readTree(run.lines().getLast()).at("/summary/verdicts/differs").asInt())
                .isEqualTo(1);
    }

    @Test
    void whatAStreamCostIsNotOfTheLog() throws Exception {
        var id = mint();
        whole(id);
        var row = published(id, "tidemark.usage");
        var priced = (ObjectNode) JSON.readTree(row.value());
        priced.putObject("cost").put("amount", 12);
        var prefix = copy(row, JSON.writeValueAsBytes(priced));
        var other = mint();
        whole(other);
        republish(other, "tidemark.usage", it -> it.put("attempts", 9));

        /* A stream's second row is one too many, whatever it says. */
        send(prefix);
        var run = replay("--id", id.toString(), "--id", other.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text())
                .contains(id + " differs")
                .containsPattern("(?m)^  tidemark.usage repeated: ")
                .contains(other + " differs")
                .contains("tidemark.usage /attempts changed: folded 1 bytes")
                .doesNotContain("/cost");
    }

    @Test
    void whatWasErasedIsNeitherMissingNorPrinted() throws Exception {
        var id = mint();
        whole(id);
        assertThat(replay("--id", id.toString()).exitCode()).isZero();

        send(new Erasure(id, 0, null).record("tidemark.erasures"));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> {
                    replay("--id", id.toString(), "--print");
                    return err.toString().contains(id + " erased");
                });
        var run = replay("--id", id.toString(), "--print");
        assertThat(run.exitCode()).isZero();
        assertThat(run.text()).isEmpty();
    }

    @Test
    void whatWasDeletedIsMissing() throws Exception {
        var id = mint();
        whole(id);
        assertThat(replay("--id", id.toString()).exitCode()).isZero();
        send(new ProducerRecord<>("tidemark.responses", id.partition(), id.key(), null));

        var run = replay("--id", id.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines().getFirst()).isEqualTo(id + " missing");
        assertThat(run.lines().get(1))
                .startsWith("  tidemark.responses missing: folded ")
                .endsWith("published nothing");
    }

    @Test
    void anOpenStreamIsOpenAndItsResponseSoFarCanBePrinted() throws Exception {
        var id = mint();
        send(event(id, 1, 0, STARTED));
        send(event(id, 1, 1, text("so far")));

        var run = replay("--id", id.toString(), "--print", "--format", "json");

        assertThat(run.exitCode()).as(err.toString()).isZero();
        assertThat(JSON.readTree(run.text()).path("status").asText()).isEqualTo("in_progress");
        var told = JSON.readTree(err.toString().lines().findFirst().orElseThrow());
        assertThat(told.path("verdict").asText()).isEqualTo("open");
    }

    @Test
    void aResultOfAnOpenStreamShouldNotBeThere() throws Exception {
        var id = mint();
        send(event(id, 1, 0, STARTED));
        send(new ProducerRecord<>("tidemark.usage", id.partition(), id.key(), utf8("{}")));

        var run = replay("--id", id.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines().get(1)).startsWith("  tidemark.usage unexpected: folded nothing");
    }

    @Test
    void aRangeHasTheStreamsThatWereAskedForInItAndTellsOfThoseThatDiffer() throws Exception {
        /* Streams of other tests are of now. */
        var minute = Instant.now().minus(Duration.ofHours(2));
        var before = mint(minute.minusMillis(1));
        var equal = mint(minute);
        var altered = mint(minute.plusSeconds(1));
        var after = mint(minute.plusSeconds(2));
        /* One that began before the range has its events in the middle of it. */
        send(event(before, 1, 0, STARTED));
        whole(equal);
        send(event(before, 1, 1, text("goes on")));
        whole(altered);
        whole(after);
        send(event(before, 1, 2, COMPLETED));
        assertThat(replay("--id", altered.toString(), "--id", before.toString()).exitCode())
                .isZero();
        republish(altered, "tidemark.responses", it -> it.put("attempts", 2));

        var range =
                new String[] {
                    "--since", minute.toString(), "--until", minute.plusSeconds(2).toString()
                };
        var run = replay(range);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).hasSize(3);
        assertThat(run.lines().getFirst()).isEqualTo(altered + " differs");
        assertThat(run.lines().get(1)).startsWith("  tidemark.responses /attempts changed");
        assertThat(run.lines().getLast()).startsWith("replayed 2: equal 1, differs 1");
        var counted = replay(range[0], range[1], range[2], range[3], "--streams-told-max", "0");
        assertThat(counted.exitCode()).isEqualTo(1);
        assertThat(counted.lines()).hasSize(2);
        assertThat(counted.lines().getFirst()).startsWith("and 1 more, see --streams-told-max");
    }

    @Test
    void whatTheLogHasNoTraceOfIsNoAnswer() {
        var run = replay("--id", mint().toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.text()).contains(" absent").contains("replayed 1:");
    }

    @Test
    void whatNoProjectorHasReadIsPending() throws Exception {
        var idle = new String[] {"--set", "topics.prefix=idle", "--set", "topics.partitions=3"};
        assertThat(run("topics", idle).exitCode()).isZero();
        var id = mint();
        producer.send(EventRecord.of("idle.events", at(id, 0, STARTED), new Attempt(0, 1), null))
                .get();
        producer.send(EventRecord.of("idle.events", at(id, 1, COMPLETED), new Attempt(0, 1), null))
                .get();

        var run = replay("--since", "7d", "--set", "topics.prefix=idle", "--wait", "0ms");

        assertThat(run.exitCode()).as(err.toString()).isEqualTo(2);
        assertThat(run.lines().getFirst()).isEqualTo(id + " pending");
    }

    @Test
    void anIdOnAPartitionThatIsNotThereCannotBeReplayed() {
        var id = StreamId.mint(InstantSource.system(), () -> 1, 7);

        assertThat(replay("--id", id.toString()).exitCode()).isEqualTo(2);
        assertThat(err.toString()).contains("names partition 7").contains("partitions 0 to 2");
    }

    private static StreamId mint() {
        return mint(Instant.now());
    }

    private static StreamId mint(Instant at) {
        return StreamId.mint(InstantSource.fixed(at), NUMBERS::getAndIncrement, 1);
    }

    private static void whole(StreamId id) throws Exception {
        send(event(id, 1, 0, STARTED));
        send(event(id, 1, 1, text(SECRET)));
        send(event(id, 1, 2, COMPLETED));
    }

    private static TextDelta text(String text) {
        return new TextDelta(text, null);
    }

    private static StreamEvent at(StreamId id, long sequence, EventBody body) {
        var place = body instanceof TextDelta ? Placement.content(0, 0, null) : Placement.NONE;
        return new StreamEvent(id, sequence, id.time().toEpochMilli() + sequence, place, body);
    }

    private static ProducerRecord<byte[], byte[]> event(
            StreamId id, int attempt, long sequence, EventBody body) {
        return EventRecord.of(
                "tidemark.events", at(id, sequence, body), new Attempt(0, attempt), null);
    }

    private static ProducerRecord<byte[], byte[]> fence(StreamId id, int attempt) {
        return EventRecord.fence("tidemark.events", id, new Attempt(0, attempt));
    }

    /* An event by its headers, and none by its value. */
    private static ProducerRecord<byte[], byte[]> garbage(StreamId id, int attempt, long sequence) {
        var record =
                new ProducerRecord<>("tidemark.events", id.partition(), id.key(), utf8("garbage"));
        new EventHeaders("text.delta", sequence, new Attempt(0, attempt), null)
                .writeTo(record.headers());
        return record;
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get();
    }

    private interface Alteration {
        void of(ObjectNode json);
    }

    private static void republish(StreamId id, String topic, Alteration alteration)
            throws Exception {
        var record = published(id, topic);
        var json = (ObjectNode) JSON.readTree(record.value());
        alteration.of(json);
        send(copy(record, JSON.writeValueAsBytes(json)));
    }

    private static ProducerRecord<byte[], byte[]> copy(
            ConsumerRecord<byte[], byte[]> record, byte[] value) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                value,
                record.headers());
    }

    /** The result of a stream, once it is there. */
    private static ConsumerRecord<byte[], byte[]> published(StreamId id, String topic) {
        var bytes = new ByteArrayDeserializer();
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers", kafka, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            var partition = new TopicPartition(topic, id.partition());
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PUBLISHED_MAX.toNanos();
            while (System.nanoTime() - deadline < 0) {
                for (var record : consumer.poll(POLL)) {
                    if (StreamId.ofKey(record.key()).equals(id)) {
                        return record;
                    }
                }
            }
            throw new AssertionError("no result in " + topic);
        }
    }

    private record Run(int exitCode, String text) {
        List<String> lines() {
            return text.lines().toList();
        }
    }

    private Run replay(String... arguments) {
        return run("replay", arguments);
    }

    private Run run(String command, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exitCode =
                Tidemark.commandLine(new FixedHost(kafka))
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(all);
        return new Run(exitCode, out.toString());
    }

    private record FixedHost(String bootstrapServers) implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
