package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Kafka goes away for longer than a record may wait, and comes back; or it refuses a record. */
@HasOwnKafka(because = "its broker goes away and comes back")
class BrokerOutageIT {
    private static final Duration DELIVERY = Duration.ofSeconds(2);

    /* A token every 30 ms for 24 s: it has not ended when Kafka has gone. */
    private static final String[] LONG = {"sim_token_ms", "30", "sim_tokens", "800"};
    private static final String[] LONG_AT_ONCE = {"sim_token_ms", "1", "sim_tokens", "800"};

    @TempDir Path directory;

    private EmbeddedKafka kafka;
    private ProviderSimulator simulator;
    private WorkerHarness harness;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
        simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
        harness = new WorkerHarness(kafka.bootstrapServers(), "outage");
    }

    @AfterEach
    void close() {
        harness.close();
        simulator.close();
        kafka.close();
    }

    private static IngestConfig impatient(IngestConfig config) {
        var timings = config.timings();
        return config.withTimings(
                new IngestTimings(
                        timings.start(),
                        timings.leaseInterval(),
                        timings.commitInterval(),
                        DELIVERY,
                        timings.drain(),
                        timings.revoke(),
                        timings.session(),
                        timings.clockSkew(),
                        timings.retry(),
                        timings.disconnectGrace()));
    }

    private IngestWorker worker() {
        return harness.start(simulator.baseUrl(), BrokerOutageIT::impatient);
    }

    /* Until a record was lost, which takes as long as one may wait. */
    private void goAway() {
        kafka.close();
        awaitBroken();
    }

    private void awaitBroken() {
        await().atMost(WorkerHarness.PATIENCE)
                .until(() ->
                        harness.counted(IngestMetrics.STREAMS_BROKEN)
                                > harness.counted(IngestMetrics.STREAMS_MENDED));
    }

    private void comeBack() {
        var address = kafka.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory).withPort(port));
    }

    @Test
    void streamsGoOnWhereTheirLogBroke() {
        var worker = worker();
        var untouched = harness.ask("sim-long", LONG_AT_ONCE);
        var text = harness.ended(untouched).whole().text();
        var ids = IntStream.range(0, 20).mapToObj(_ -> harness.ask("sim-long", LONG)).toList();
        ids.forEach(id -> harness.reached(id, 20));

        goAway();
        comeBack();

        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(log.text()).isEqualTo(text);
        }
        assertThat(ids).anyMatch(id -> harness.log(id).fences() > 0);
        assertThat(harness.counted(IngestMetrics.STREAMS_MENDED)).isPositive();
        assertThat(harness.counted(IngestMetrics.PRODUCERS_REPLACED)).isPositive();
        harness.awaitAllCommitted();
        worker.close();
    }

    @Test
    void aStreamIsMendedBeforeItsProviderSaysMore() {
        var away = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        try (var provider = new CannedServer(exchange -> sayTwoWords(exchange, away, over))) {
            harness.start(provider.baseUrl(), BrokerOutageIT::impatient);
            var id = harness.ask("sim-long");
            awaitText(id, "High");

            kafka.close();
            away.countDown();
            awaitBroken();
            comeBack();

            awaitText(id, "High water");
            assertThat(harness.log(id).fences()).isPositive();
            harness.cancel(id);
            assertThat(harness.ended(id).whole().completed().outcome())
                    .isEqualTo(Outcome.CANCELLED);
        } finally {
            over.countDown();
        }
    }

    private void awaitText(StreamId id, String text) {
        await().atMost(WorkerHarness.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(harness.log(id).text()).isEqualTo(text));
    }

    /* A word, another when Kafka is away, and nothing more until all is over. */
    private static void sayTwoWords(HttpExchange exchange, CountDownLatch away, CountDownLatch over)
            throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        say(exchange, "response.created", "\"response\":{\"id\":\"resp_1\",\"model\":\"tide\"}");
        say(
                exchange,
                "response.output_item.added",
                "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\"}");
        say(exchange, "response.output_text.delta", delta("High"));
        try {
            away.await();
            say(exchange, "response.output_text.delta", delta(" water"));
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String delta(String text) {
        return "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\""
                .formatted(text);
    }

    private static void say(HttpExchange exchange, String type, String fields) throws IOException {
        var event = "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Test
    void aWorkerCanStopWhileKafkaIsAway() {
        var worker = worker();
        var id = harness.ask("sim-long", LONG);
        harness.reached(id, 20);

        goAway();
        worker.close();
        comeBack();
        worker();

        assertThat(harness.ended(id).whole().failed().code()).isEqualTo("aborted");
        var next = harness.ask("sim-answer");
        assertThat(harness.ended(next).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void aRecordThatTheTopicDoesNotTakeEndsItsStreamAndNoOther() throws Exception {
        harness.start(simulator.baseUrl(), BrokerOutageIT::plain);
        setMaxMessageBytes(4000);
        var other = harness.ask("sim-long", LONG);
        harness.reached(other, 20);

        var id = harness.ask("sim-answer", "sim_fault", "huge", "sim_huge_bytes", "20000");

        assertThat(harness.ended(id).whole().failed().code()).isEqualTo("protocol_error");
        assertThat(harness.ended(other).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
    }

    /* What is large is not made small on its way. */
    private static IngestConfig plain(IngestConfig config) {
        var kafka = new HashMap<>(config.kafka());
        kafka.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return new IngestConfig(
                kafka,
                config.topics(),
                config.workerId(),
                config.providers(),
                config.routes(),
                config.limits(),
                config.timings(),
                config.masterKeys());
    }

    private void setMaxMessageBytes(int bytes) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, harness.topics().events().name());
        var change =
                new AlterConfigOp(
                        new ConfigEntry(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                        AlterConfigOp.OpType.SET);
        try (var admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
        }
    }
}
