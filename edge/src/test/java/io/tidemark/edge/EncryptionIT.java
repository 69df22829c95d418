package io.tidemark.edge;

import static io.tidemark.edge.Client.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.MasterKeys;
import io.tidemark.seal.StreamSeal;
import io.tidemark.testkit.RunsOnKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Edges that start, read and delete encrypted streams. */
@RunsOnKafka
class EncryptionIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Random RANDOM = new Random(11);
    private static final String BODY =
            """
            {"api": "openai.responses", "metadata": {"label": "marker"},
             "request": {"model": "sim", "input": "marker"}}
            """;

    private static final World WORLD = new World();
    private static final MasterKeys MASTERS = MasterKeys.of(Map.of("m1", bytes()), "m1");
    private static final Client SEALING = new Client(edge(MASTERS));
    private static final Client PLAIN = new Client(edge(MasterKeys.NONE));

    private static byte[] bytes() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static Edge edge(MasterKeys keys) {
        return WORLD.edge(WORLD.config().withMasterKeys(keys));
    }

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void close() {
        List.of(SEALING, PLAIN).forEach(Client::close);
        WORLD.close();
    }

    private static StreamId started(Client client) throws Exception {
        var answer = client.post("/v1/streams", BODY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return StreamId.parse(Client.JSON.readTree(answer.body()).path("requestId").asText());
    }

    private static ConsumerRecord<byte[], byte[]> startOf(StreamId id) {
        return of(WORLD.commandRecords(), id).stream()
                .filter(it -> CommandCodec.decode(it.value()) instanceof Command.Start)
                .findFirst()
                .orElseThrow();
    }

    private static List<ConsumerRecord<byte[], byte[]>> of(
            List<ConsumerRecord<byte[], byte[]>> records, StreamId id) {
        return records.stream().filter(it -> Arrays.equals(it.key(), id.key())).toList();
    }

    private static DataKey keyOf(StreamId id) {
        var wrapped = WrappedKey.of(of(WORLD.keyRecords(), id).getFirst());
        return MASTERS.unwrap(wrapped).orElseThrow();
    }

    private static int delete(Client client, StreamId id) throws Exception {
        return client.send(
                        client.request("/v1/streams/" + id)
                                .method("DELETE", BodyPublishers.noBody()))
                .statusCode();
    }

    private static void write(StreamSeal seal, StreamId id, long sequence, EventBody body)
            throws Exception {
        var event = new StreamEvent(id, sequence, 1, Placement.NONE, body);
        var attempt = Attempt.first(0);
        var record = EventRecord.of(WORLD.topics.events().name(), event, attempt, null);
        WORLD.append(seal.seal(record, event, attempt));
    }

    private static String page(Client client, StreamId id) throws Exception {
        var answer =
                client.send(client.request(events(id, "")).header("Accept", "application/json"));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static EventBody start() {
        return new Started("openai", "sim", null, null, 1, null, null, null, null);
    }

    @Test
    void theStartIsSealedUnderAKeyThatIsInTheLog() throws Exception {
        var id = started(SEALING);

        var command = startOf(id);
        assertThat(new String(command.value(), StandardCharsets.UTF_8)).doesNotContain("marker");
        var start = (Command.Start) CommandCodec.decode(command.value());
        var opened = requireNonNull(keyOf(id).open(start));
        assertThat(opened.request().path("input").asText()).isEqualTo("marker");
        assertThat(opened.metadata()).containsEntry("label", "marker");
    }

    @Test
    void withoutAMasterKeyItIsPlainAndHasNoKey() throws Exception {
        var id = started(PLAIN);

        assertThat(new String(startOf(id).value(), StandardCharsets.UTF_8)).contains("marker");
        assertThat(of(WORLD.keyRecords(), id)).isEmpty();
    }

    @Test
    void readersGetWhatWasWrittenWhereverTheyRead() throws Exception {
        var id = started(SEALING);
        var seal = new StreamSeal.Sealed(keyOf(id), RANDOM);
        write(seal, id, 0, start());
        write(seal, id, 1, new TextDelta("marker", null));
        write(new StreamSeal.Open(), id, 2, new TextDelta("plain", null));

        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(page(SEALING, id))
                                .contains("marker", "plain")
                                .doesNotContain("sealed"));
        try (var late = new Client(edge(MASTERS))) {
            assertThat(page(late, id)).contains("marker", "plain").doesNotContain("sealed");
        }
        assertThat(page(PLAIN, id)).contains("plain").doesNotContain("marker", "sealed");
    }

    @Test
    void theKeyIsDeletedWithTheErasureAndOnce() throws Exception {
        var id = started(SEALING);

        assertThat(delete(SEALING, id)).isEqualTo(204);
        assertThat(delete(SEALING, id)).isEqualTo(204);

        var records = of(WORLD.keyRecords(), id);
        assertThat(records).hasSize(2);
        assertThat(records.getLast().value()).isNull();
    }

    @Test
    void theKeyThatAnEdgeCouldNotDeleteIsDeletedForWhoeverAsksAgain() throws Exception {
        var id = started(SEALING);
        assertThat(delete(PLAIN, id)).isEqualTo(204);
        assertThat(of(WORLD.keyRecords(), id)).hasSize(1);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(SEALING.get(events(id, "")).statusCode()).isEqualTo(410));

        assertThat(delete(SEALING, id)).isEqualTo(204);

        assertThat(of(WORLD.keyRecords(), id).getLast().value()).isNull();
    }
}
