package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

/** Brokers that slow a worker and an edge down: everything comes late, and nothing is missing. */
@HasOwnKafka(because = "it throttles its users")
final class KafkaQuotaIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<KafkaRole> ROLES =
            List.of(
                    KafkaRole.TOPICS,
                    KafkaRole.INGEST,
                    KafkaRole.PROJECTOR,
                    KafkaRole.EDGE,
                    KafkaRole.VERIFY);
    /* A fraction of what the stream brings at once, however well its batches are compressed. */
    private static final double PRODUCED_BYTES_PER_SECOND = 8_000;
    private static final double CONSUMED_BYTES_PER_SECOND = 8_000;
    private static final int TOKENS = 4_000;
    /* Brokers count over two seconds, not eleven: whoever has to wait waits no longer, often. */
    private static final Map<String, String> SHORT_WINDOW = Map.of("quota.window.num", "2");

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static GuardedKafka kafka;
    private static List<String> common;
    private static ProviderSimulator simulator;

    @BeforeAll
    static void start() {
        kafka = STACK.push("kafka", GuardedKafka.scram(data, 1, SHORT_WINDOW));
        simulator =
                STACK.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        common = List.of("topics.partitions=2", "providers.openai.base-url=" + simulator.baseUrl());
        ROLES.forEach(role -> kafka.allow(role, common));
        var made = kafka.run(KafkaRole.TOPICS.word(), common, "topics");
        assertThat(made.exitCode()).as(made.err()).isZero();
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    private static Roles roles(KafkaRole role) {
        var settings = kafka.settings(role.word(), common.toArray(String[]::new));
        return new Roles(settings, Roles.bootstrapServers(settings));
    }

    @Test
    void whoIsThrottledLosesNothingAndComesToTheEnd() throws Exception {
        limit(KafkaRole.INGEST, "producer_byte_rate", PRODUCED_BYTES_PER_SECOND);
        limit(KafkaRole.EDGE, "consumer_byte_rate", CONSUMED_BYTES_PER_SECOND);
        var providers = Providers.of(kafka.settings("ingest", common.toArray(String[]::new)));
        try (var stack = new ShutdownStack()) {
            var projector = roles(KafkaRole.PROJECTOR).projector(stack, "p", 0);
            roles(KafkaRole.INGEST).ingest(stack, providers, "w", Duration.ZERO);
            Roles.awaitReady(projector);
            var edge =
                    roles(KafkaRole.EDGE).edge(stack, providers, List.of(projector.address()), 0);
            try (var client = new TidemarkClient(edge)) {
                var id =
                        client.start(
                                "openai.responses",
                                TestSystem.request(
                                        "sim-long",
                                        Map.of(
                                                "sim_ttft_ms",
                                                "0",
                                                "sim_token_ms",
                                                "0",
                                                "sim_tokens",
                                                Integer.toString(TOKENS))));
                var assembly = new TextAssembly();
                while (!assembly.ended()) {
                    Followed.follow(client, id, assembly, Integer.MAX_VALUE);
                }
                assertThat(assembly.events().getLast().type()).isEqualTo("stream.completed");
                assertThat(assembly.text()).isEqualTo(ProviderSimulator.longAnswer(TOKENS));
                assertThat(client.response(id, assembly.tidemark()).path("status").asText())
                        .isEqualTo("completed");
            }
            assertThat(
                            throttledMs(
                                    "kafka.producer:type=producer-metrics,*",
                                    "produce-throttle-time-max"))
                    .as("the worker was throttled")
                    .isPositive();
            assertThat(
                            throttledMs(
                                    "kafka.consumer:type=consumer-fetch-manager-metrics,*",
                                    "fetch-throttle-time-max"))
                    .as("the edge was throttled")
                    .isPositive();
            var verified = kafka.run(KafkaRole.VERIFY.word(), common, "verify", "--closed");
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }

    private static void limit(KafkaRole role, String kind, double bytesPerSecond) throws Exception {
        var user = Map.of(ClientQuotaEntity.USER, role.word());
        kafka.admin()
                .alterClientQuotas(
                        List.of(
                                new ClientQuotaAlteration(
                                        new ClientQuotaEntity(user),
                                        List.of(
                                                new ClientQuotaAlteration.Op(
                                                        kind, bytesPerSecond)))))
                .all()
                .get();
        await().atMost(LONG)
                .until(() ->
                        kafka
                                .admin()
                                .describeClientQuotas(ClientQuotaFilter.all())
                                .entities()
                                .get()
                                .keySet()
                                .stream()
                                .anyMatch(it -> it.entries().equals(user)));
    }

    /* The longest that any client in this process was told to wait. */
    private static double throttledMs(String clients, String metric) throws JMException {
        var server = ManagementFactory.getPlatformMBeanServer();
        return server.queryNames(new ObjectName(clients), null).stream()
                .flatMap(client -> value(client, metric))
                .mapToDouble(it -> it)
                .max()
                .orElse(0);
    }

    private static Stream<Double> value(ObjectName client, String metric) {
        try {
            return ManagementFactory.getPlatformMBeanServer().getAttribute(client, metric)
                                    instanceof Double found
                            && !found.isNaN()
                    ? Stream.of(found)
                    : Stream.of();
        } catch (JMException e) {
            return Stream.of(); // A client that is closed, or has no such metric.
        }
    }
}
