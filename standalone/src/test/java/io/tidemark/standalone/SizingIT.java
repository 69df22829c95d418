package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * What a token takes on a broker's disk, topic by topic, with settings by default. {@code
 * docs/operations.md} reckons with it. It depends on how many events share a batch, and so on how
 * busy a machine is.
 */
@HasOwnKafka(because = "it measures what the broker has on disk")
class SizingIT {
    private static final int STREAMS = 40;
    private static final int TOKENS = 300;
    private static final double OF_DOCUMENTED_MAX = 2;
    /* Leases, and what the projector commits: so much a second, however few tokens come in it. */
    private static final Set<String> BY_TIME = Set.of("tidemark.commands", "Kafka's own");
    /* How long what is documented took, slowly and quickly; a run that takes longer has more of it. */
    private static final List<Double> DOCUMENTED_SECONDS = List.of(12.0, 4.0);
    private static final double OF_DOCUMENTED_MIN = 0.25;
    private static final Duration ENDS_MAX = Duration.ofMinutes(3);

    @TempDir private Path data;

    /** Bytes on disk for each token, by what {@code docs/operations.md} calls the topics. */
    private record Measured(Map<String, Double> perToken, double seconds) {}

    @Test
    void aTokenTakesWhatTheDocumentReckonsWith() throws Exception {
        var slowly = measure("slowly", Map.of("sim_ttft_ms", "0", "sim_token_ms", "33"));
        var quickly = measure("quickly", Map.of("sim_ttft_ms", "0", "sim_token_ms", "1"));

        System.out.printf("bytes for a token, %d answers of %d tokens:%n", STREAMS, TOKENS);
        slowly.perToken()
                .forEach((topic, bytes) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-24s %8.1f %8.1f%n",
                                topic,
                                bytes,
                                quickly.perToken().getOrDefault(topic, 0.0)));
        System.out.printf(
                Locale.ROOT, "%-24s %8.1f %8.1f%n", "seconds", slowly.seconds(), quickly.seconds());
        var documented = OperationsDocument.read().rows("Bytes for a token");
        assertThat(documented.stream().map(row -> name(row)).toList())
                .containsExactlyInAnyOrderElementsOf(slowly.perToken().keySet());
        for (var row : documented) {
            assertDocumented(row, 1, slowly);
            assertDocumented(row, 2, quickly);
        }
    }

    private static String name(List<String> row) {
        return row.getFirst().replace("`", "");
    }

    private static void assertDocumented(List<String> row, int column, Measured measured) {
        double documented = Double.parseDouble(row.get(column));
        double slowness = Math.max(1, measured.seconds() / DOCUMENTED_SECONDS.get(column - 1));
        double max = OF_DOCUMENTED_MAX * (BY_TIME.contains(name(row)) ? slowness : 1);
        assertThat(measured.perToken().getOrDefault(name(row), 0.0))
                .as(name(row))
                .isBetween(documented * OF_DOCUMENTED_MIN, documented * max + 1);
    }

    private Measured measure(String name, Map<String, String> pace) throws Exception {
        var stack = new ShutdownStack();
        try {
            var directory = data.resolve(name);
            var kafka =
                    stack.push(
                            "kafka",
                            EmbeddedKafka.start(
                                    EmbeddedKafkaConfig.in(directory.resolve("kafka"))));
            var simulator =
                    stack.push(
                            "simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
            var settings =
                    SettingsLoader.load(
                            null,
                            Map.of(),
                            List.of(
                                    "data-dir=" + directory,
                                    "providers.openai.base-url=" + simulator.baseUrl()));
            /* As on a cluster, and not as in standalone, whose records are not compressed. */
            var roles = new Roles(settings, kafka.bootstrapServers());
            var edge = edge(stack, roles, settings);
            long from = System.nanoTime();
            readAll(stack, edge, pace);
            var log = stack.push("log", new KafkaLog(kafka.bootstrapServers()));
            var usage = roles.topics().usage();
            await().atMost(ENDS_MAX).until(() -> log.count(usage) == STREAMS);
            return new Measured(perToken(log), (System.nanoTime() - from) / 1e9);
        } finally {
            stack.close();
        }
    }

    private static URI edge(ShutdownStack stack, Roles roles, Settings settings) {
        var projector = roles.projector(stack, "sizing", 0);
        roles.ingest(stack, Providers.of(settings), "sizing", Duration.ofSeconds(1));
        Roles.awaitReady(projector);
        return roles.edge(stack, Providers.of(settings), List.of(projector.address()), 0);
    }

    private static void readAll(ShutdownStack stack, URI edge, Map<String, String> pace)
            throws Exception {
        var client = stack.push("client", new TidemarkClient(edge));
        var directives = new TreeMap<>(pace);
        directives.put("sim_tokens", Integer.toString(TOKENS));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<Long>>();
            for (int i = 0; i < STREAMS; i++) {
                readers.add(
                        threads.submit(() -> {
                            var id =
                                    client.start(
                                            "openai.responses",
                                            TestSystem.request("sim-long", directives));
                            return Followed.whole(client, id).stream()
                                    .filter(event -> event.type().equals("text.delta"))
                                    .count();
                        }));
            }
            for (var reader : readers) {
                assertThat(reader.get()).isEqualTo(TOKENS);
            }
        }
    }

    private static Map<String, Double> perToken(KafkaLog log) throws Exception {
        var admin = log.admin();
        var brokers =
                admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
        return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getValue().size() > 0)
                .collect(
                        Collectors.groupingBy(
                                replica -> kind(replica.getKey().topic()),
                                TreeMap::new,
                                Collectors.summingDouble(replica ->
                                        (double) replica.getValue().size() / STREAMS / TOKENS)));
    }

    private static String kind(String topic) {
        if (topic.endsWith("-changelog")) {
            return "changelogs of the projector";
        }
        return switch (topic) {
            case "tidemark.events", "tidemark.commands", "tidemark.responses", "tidemark.usage" ->
                    topic;
            default -> topic.startsWith("__") ? "Kafka's own" : "all others";
        };
    }
}
