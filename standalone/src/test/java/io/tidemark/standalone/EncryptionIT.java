package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What an encrypted stream says: there for its readers, and nowhere in the log. Files of Kafka are
 * searched byte by byte; in one process nothing is compressed.
 */
@HasOwnKafka(because = "the node under test starts it")
class EncryptionIT {
    private static final String MARKER = "zyzzyva";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WITH_CONTENT = List.of("events", "commands", "dead-letters");

    @TempDir private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private Path key(String id) throws IOException {
        var file = directory.resolve(id + ".key");
        if (!Files.exists(file)) {
            var bytes = new byte[32];
            new Random(id.hashCode()).nextBytes(bytes);
            Files.write(file, bytes);
        }
        return file;
    }

    private List<String> keys(String current, String... ids) throws IOException {
        var settings = new ArrayList<String>();
        for (var id : ids) {
            settings.add("encryption.master-keys." + id + "=" + key(id));
        }
        settings.add("encryption.master-key=" + current);
        return settings;
    }

    /** A process with everything, on a directory that may be there from before. */
    private final class Node implements AutoCloseable {
        final String kafka = "127.0.0.1:" + FreePort.find();
        final Path data;
        final ShutdownStack stack = new ShutdownStack();
        final StandaloneNode node;
        final URI edge;
        final TidemarkClient client;

        Node(String name, List<String> more) throws IOException {
            data = directory.resolve(name);
            var simulator =
                    stack.push(
                            "simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
            var settings = new ArrayList<>(more);
            settings.add("data-dir=" + data);
            settings.add("topics.partitions=2");
            settings.add("kafka.bootstrap-servers=" + kafka);
            settings.add("providers.openai.base-url=" + simulator.baseUrl());
            node = StandaloneNode.start(SettingsLoader.load(null, Map.of(), settings), stack);
            edge = node.addEdge(0);
            client = client(edge);
        }

        TidemarkClient client(URI address) {
            return stack.push("client", new TidemarkClient(address));
        }

        String start() throws Exception {
            var body = JSON.createObjectNode().put("api", "openai.responses");
            body.set("request", request(MARKER + " prompt", Map.of()));
            body.putObject("metadata").put("label", MARKER + " label");
            var answer =
                    http.send(
                            HttpRequest.newBuilder(edge.resolve("/v1/streams"))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body.toString()))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return JSON.readTree(answer.body()).path("requestId").asText();
        }

        HttpResponse<String> ask(URI of, String method, String path) throws Exception {
            return http.send(
                    HttpRequest.newBuilder(of.resolve(path))
                            .method(method, BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }

        /* Bytes of the files of the topics of that name. */
        boolean hasOnDisk(String topic, String text) throws IOException {
            boolean found = false;
            int files = 0;
            try (var all = Files.walk(data.resolve("kafka"))) {
                for (var file : all.filter(it -> isOf(it, topic)).toList()) {
                    files++;
                    found |= contains(Files.readAllBytes(file), text.getBytes(UTF_8));
                }
            }
            assertThat(files).as("files of " + topic).isPositive();
            return found;
        }

        private boolean isOf(Path file, String topic) {
            var parent = file.getParent();
            return parent != null
                    && Files.isRegularFile(file)
                    && parent.getFileName().toString().startsWith("tidemark." + topic + "-");
        }

        void assertNowhereInTheLog(String text) throws IOException {
            for (var topic : WITH_CONTENT) {
                assertThat(hasOnDisk(topic, text)).as(topic).isFalse();
            }
        }

        List<ConsumerRecord<byte[], byte[]>> records(String topic) {
            var bytes = new ByteArrayDeserializer();
            var settings =
                    Map.<String, Object>of(
                            "bootstrap.servers", kafka, "auto.offset.reset", "earliest");
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
                var partitions =
                        Stream.of(0, 1)
                                .map(it -> new TopicPartition("tidemark." + topic, it))
                                .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                var ends = consumer.endOffsets(partitions);
                while (partitions.stream()
                        .anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
                    consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                }
            }
            return records;
        }

        /* A second start of a stream is set aside, byte for byte. */
        void startTwice(String id) throws Exception {
            var start =
                    records("commands").stream()
                            .filter(it ->
                                    Arrays.equals(it.key(), id.getBytes(UTF_8))
                                            && CommandCodec.decode(it.value())
                                                    instanceof Command.Start)
                            .findFirst()
                            .orElseThrow();
            write(
                    new ProducerRecord<>(
                            start.topic(), start.partition(), start.key(), start.value()));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(records("dead-letters")).hasSize(1));
        }

        void write(ProducerRecord<byte[], byte[]> record) throws Exception {
            var settings = Map.<String, Object>of("bootstrap.servers", kafka);
            var bytes = new ByteArraySerializer();
            try (var producer = new KafkaProducer<>(settings, bytes, bytes)) {
                producer.send(record).get();
            }
        }

        int run(StringWriter out, List<String> settings, String... command) {
            var arguments = new ArrayList<>(List.of(command));
            settings.forEach(it -> arguments.addAll(List.of("--set", it)));
            arguments.addAll(List.of("--set", "kafka.bootstrap-servers=" + kafka));
            return Tidemark.commandLine(new Terminal())
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(out, true))
                    .execute(arguments.toArray(String[]::new));
        }

        @Override
        public void close() {
            stack.close();
        }
    }

    private record Terminal() implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }

    private static ObjectNode request(String input, Map<String, String> directives) {
        return TestSystem.request("sim-answer", directives).put("input", input);
    }

    private static boolean contains(byte[] all, byte[] part) {
        var text = new String(all, StandardCharsets.ISO_8859_1);
        return text.contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    /* Without what is another one each time. */
    private static List<JsonNode> comparable(List<ReceivedEvent> events) {
        return events.stream()
                .map(event -> {
                    var json = (ObjectNode) TextAssembly.json(event);
                    json.remove(
                            List.of(
                                    "requestId",
                                    "at",
                                    "itemId",
                                    "providerResponseId",
                                    "providerRequestId",
                                    "providerHeaders"));
                    return (JsonNode) json;
                })
                .toList();
    }

    private static List<String> data(List<ReceivedEvent> events) {
        return events.stream().map(ReceivedEvent::data).toList();
    }

    private static String text(List<ReceivedEvent> events) {
        var text = new StringBuilder();
        events.forEach(event -> text.append(event.data()));
        return text.toString();
    }

    @Test
    void isThereForItsReadersAndNowhereInTheLog() throws Exception {
        var settings = keys("m1", "m1");
        List<ReceivedEvent> plain;
        try (var node = new Node("plain", List.of())) {
            var id = node.start();
            plain = Followed.whole(node.client, id);
            node.startTwice(id);
            /* So that the search finds what there is. */
            for (var topic : WITH_CONTENT) {
                assertThat(node.hasOnDisk(topic, MARKER)).as(topic).isTrue();
            }
        }
        Node closed;
        try (var node = new Node("sealed", settings)) {
            closed = node;
            var id = node.start();
            var events = Followed.whole(node.client, id);
            assertThat(comparable(events)).isEqualTo(comparable(plain));
            assertThat(text(events)).contains(MARKER, MARKER + " label");
            node.startTwice(id);
            node.assertNowhereInTheLog(MARKER);

            /* A new edge has nothing in memory. */
            var other = node.node.addEdge(0);
            assertThat(data(Followed.whole(node.client(other), id))).isEqualTo(data(events));
            assertThat(node.client.response(id, events.getLast().sequence()).toString())
                    .contains(MARKER);
            assertThat(exported(node, settings)).contains(MARKER);
            assertThat(exported(node, List.of())).doesNotContain(MARKER).contains("sealed", id);

            erase(node, id, other);
            assertThat(exported(node, settings)).doesNotContain(MARKER).contains(id);
            node.assertNowhereInTheLog(MARKER);
        }
        closed.assertNowhereInTheLog(MARKER);
    }

    private static String exported(Node node, List<String> settings) throws IOException {
        var file = Files.createTempFile("events", ".ndjson");
        var out = new StringWriter();
        int code =
                node.run(
                        out,
                        settings,
                        "export",
                        "--topic=events",
                        "--format=ndjson",
                        "--out=" + file);
        assertThat(code).as(out.toString()).isZero();
        return Files.readString(file);
    }

    private static void erase(Node node, String id, URI other) throws Exception {
        var path = "/v1/streams/" + id;
        assertThat(node.ask(node.edge, "DELETE", path).statusCode()).isEqualTo(204);
        assertThat(node.records("keys").getLast().value()).isNull();
        for (var edge : List.of(node.edge, other)) {
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(node.ask(edge, "GET", path + "/events").statusCode())
                                    .isEqualTo(410));
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(node.ask(edge, "GET", path).statusCode()).isEqualTo(410));
        }
        assertThat(node.ask(other, "DELETE", path).statusCode()).isEqualTo(204);
    }

    /* As when an edge dies after it has written that a stream is erased. */
    @Test
    void theProjectorDeletesTheKeyOfWhatAnotherErased() throws Exception {
        try (var node = new Node("erased", keys("m1", "m1"))) {
            var id = node.start();
            Followed.whole(node.client, id);
            assertThat(node.records("keys").getLast().value()).isNotNull();

            node.write(new Erasure(StreamId.parse(id), 0, null).record("tidemark.erasures"));

            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(node.records("keys").getLast())
                                    .returns(null, ConsumerRecord::value)
                                    .returns(id, it -> new String(it.key(), UTF_8)));
        }
    }

    @Test
    void masterKeysRotateAndWithoutThemAStreamSaysNothing() throws Exception {
        String first;
        String second;
        List<ReceivedEvent> events;
        try (var node = new Node("rotated", keys("m1", "m1"))) {
            first = node.start();
            events = Followed.whole(node.client, first);
        }
        try (var node = new Node("rotated", keys("m2", "m1", "m2"))) {
            assertThat(data(Followed.whole(node.client, first))).isEqualTo(data(events));
            second = node.start();
            assertThat(text(Followed.whole(node.client, second))).contains(MARKER);
            assertThat(node.records("keys").stream().map(it -> new String(it.value(), UTF_8)))
                    .satisfiesExactlyInAnyOrder(
                            it -> assertThat(it).contains(first, "\"masterKey\":\"m1\""),
                            it -> assertThat(it).contains(second, "\"masterKey\":\"m2\""));
            verified(node, keys("m2", "m1", "m2"), 0);
            verified(node, keys("m2", "m2"), 1);
            verified(node, List.of(), 2);
        }
        try (var node = new Node("rotated", List.of())) {
            var left = Followed.whole(node.client, first);
            assertThat(left).hasSameSizeAs(events);
            assertThat(text(left)).doesNotContain(MARKER, "sealed");
            /* What was folded with the keys is not folded again. */
            assertThat(node.client.response(first, 0).toString()).contains(MARKER);
            var plain = node.start();
            assertThat(text(Followed.whole(node.client, plain))).contains(MARKER);
        }
        try (var node = new Node("rotated", keys("m2", "m1", "m2"))) {
            assertThat(data(Followed.whole(node.client, first))).isEqualTo(data(events));
        }
    }

    private static void verified(Node node, List<String> settings, int sealed) throws Exception {
        await().atMost(LONG)
                .untilAsserted(() -> {
                    var out = new StringWriter();
                    int code = node.run(out, settings, "verify", "--closed", "--json");
                    assertThat(code).as(out.toString()).isZero();
                    var counts = JSON.readTree(out.toString()).path("counts");
                    assertThat(counts.path("sealed").asInt()).isEqualTo(sealed);
                });
    }

    @Test
    void anotherWorkerOpensTheStartAndGoesOnUnderTheSameKey() throws Exception {
        var stack = new ShutdownStack();
        try {
            var simulator =
                    stack.push(
                            "simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
            var provider = "providers.openai.base-url=" + simulator.baseUrl();
            var settings = new ArrayList<>(keys("m1", "m1"));
            settings.add(provider);
            settings.add("data-dir=" + directory.resolve("workers"));
            var loaded = SettingsLoader.load(null, Map.of(), settings);
            var servers = Roles.kafka(loaded, stack).bootstrapServers();
            var roles = new Roles(loaded, servers);
            var projector = roles.projector(stack, "one", 0);
            Roles.awaitReady(projector);
            var edge = roles.edge(stack, Providers.of(loaded), List.of(projector.address()), 0);
            var client = stack.push("client", new TidemarkClient(edge));
            settings.add("kafka.bootstrap-servers=" + servers);

            var first = worker(settings, "one");
            var id =
                    client.start(
                            "openai.responses",
                            request(MARKER, Map.of("sim_ttft_ms", "3000", "sim_tokens", "20")));
            var assembly = new TextAssembly();
            Followed.follow(client, id, assembly, 1);
            first.kill();
            try (var _ = worker(settings, "two")) {
                Followed.follow(client, id, assembly, Integer.MAX_VALUE);
                assertThat(assembly.text()).contains(MARKER);
                assertThat(text(assembly.events())).contains("\"outcome\":\"complete\"");
            }
        } finally {
            stack.close();
        }
    }

    private static SystemProcess worker(List<String> settings, String id) throws Exception {
        var all = new ArrayList<>(settings);
        all.removeIf(it -> it.startsWith("data-dir="));
        all.add("ingest.worker-id=" + id);
        return SystemProcess.start("ingest", all);
    }
}
