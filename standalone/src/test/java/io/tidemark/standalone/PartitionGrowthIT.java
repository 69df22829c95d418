package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.RefusedException;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Partitions are added to all topics while streams run, as {@code docs/kafka.md} says: streams that
 * there are stay where they are, and new ones use the new partitions once edges are started again.
 */
@HasOwnKafka(because = "the role kafka starts it")
final class PartitionGrowthIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int BEFORE = 12;
    private static final int AFTER = 24;
    private static final int RUNNING = 8;
    /* That none of so many lands on a new one has a chance of one in a billion. */
    private static final int STARTS = 30;

    @TempDir private Path data;

    private final ShutdownStack stack = new ShutdownStack();

    private Settings settings(String bootstrapServers) {
        return SettingsLoader.load(null, Map.of(), assignments(bootstrapServers));
    }

    private List<String> assignments(String bootstrapServers) {
        return List.of(
                "kafka.bootstrap-servers=" + bootstrapServers,
                "kafka.metadata.max.age.ms=1000",
                "topics.partitions=" + BEFORE,
                "data-dir=" + data);
    }

    @Test
    void streamsStayWhereTheyAreAndNewOnesUseTheNewPartitions() throws Exception {
        try (stack;
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var servers = "127.0.0.1:" + FreePort.find();
            Roles.kafka(settings(servers), stack);
            var roles = new Roles(settings(servers), servers);
            var providers = providers(servers);
            roles.ingest(stack, providers, "w", Duration.ZERO);
            var first = new ShutdownStack();
            stack.push("projector", first);
            var projector = roles.projector(first, "p", 0);
            Roles.awaitReady(projector);
            var edge = roles.edge(stack, providers, List.of(projector.address()), 0);
            var client = stack.push("client", new TidemarkClient(edge));

            // Given
            var finished = client.start("openai.responses", quick());
            var whole = Followed.whole(client, finished);
            var running = new ArrayList<String>();
            var readers = new ArrayList<Future<List<ReceivedEvent>>>();
            for (int i = 0; i < RUNNING; i++) {
                var id = client.start("openai.responses", slow());
                running.add(id);
                readers.add(threads.submit(following(client, id)));
            }

            // When
            assertThat(grow(servers)).isZero();

            // Then
            for (var reader : readers) {
                assertThat(reader.get().getLast().type()).isEqualTo("stream.completed");
            }
            assertThat(Followed.whole(client, finished)).isEqualTo(whole);
            var ids = new ArrayList<String>(running);
            ids.add(finished);
            for (var id : running) {
                awaitCompleted(client, id);
            }
            for (int i = 0; i < STARTS / 3; i++) {
                var id = client.start("openai.responses", quick());
                ids.add(id);
                assertThat(StreamId.parse(id).partition()).isLessThan(BEFORE);
                Followed.whole(client, id);
            }

            // When
            first.close();
            var again = roles.projector(stack, "p", 0);
            Roles.awaitReady(again);
            var newEdge = roles.edge(stack, providers, List.of(again.address()), 0);

            // Then
            var newClient = stack.push("client", new TidemarkClient(newEdge));
            assertThat(Followed.whole(newClient, finished)).isEqualTo(whole);
            var onNew = assertNewPartitionsAreUsed(newClient, ids);
            assertThat(refusal(client, onNew)).contains("partition_added").contains("503");
            assertListed(newEdge, ids);
            assertVerified(servers);
            assertRollups(servers, ids.size());
        }
    }

    private Providers providers(String servers) {
        var simulator =
                stack.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        return Providers.simulated(settings(servers), URI.create(simulator.baseUrl()));
    }

    private static ObjectNode quick() {
        return TestSystem.request("sim-answer", Map.of("sim_ttft_ms", "0", "sim_token_ms", "1"));
    }

    private static ObjectNode slow() {
        return TestSystem.request(
                "sim-long", Map.of("sim_ttft_ms", "0", "sim_token_ms", "30", "sim_tokens", "400"));
    }

    private static Callable<List<ReceivedEvent>> following(TidemarkClient client, String id) {
        return () -> {
            var assembly = new TextAssembly();
            while (!assembly.ended()) {
                Followed.follow(client, id, assembly, Integer.MAX_VALUE);
            }
            return assembly.events();
        };
    }

    private int grow(String servers) {
        return run(servers, "topics", "--add-partitions", Integer.toString(AFTER));
    }

    private int run(String servers, String... command) {
        var arguments = new ArrayList<>(List.of(command));
        assignments(servers).forEach(it -> arguments.addAll(List.of("--set", it)));
        var said = new StringWriter();
        int exitCode =
                Tidemark.commandLine(Host.process())
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute(arguments.toArray(String[]::new));
        System.out.println(said);
        return exitCode;
    }

    /* Its partition may be moving from one thread of the projector to another: 503 until then. */
    private static void awaitCompleted(TidemarkClient client, String id) {
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(RefusedException.class)
                .untilAsserted(() ->
                        assertThat(client.response(id, 0).path("status").asText())
                                .isEqualTo("completed"));
    }

    private static String assertNewPartitionsAreUsed(TidemarkClient client, List<String> ids)
            throws Exception {
        var used = new ArrayList<String>();
        for (int i = 0; i < STARTS; i++) {
            var id = client.start("openai.responses", quick());
            ids.add(id);
            var events = Followed.whole(client, id);
            assertThat(events.getLast().type()).isEqualTo("stream.completed");
            awaitCompleted(client, id);
            if (StreamId.parse(id).partition() >= BEFORE) {
                used.add(id);
            }
        }
        assertThat(used).isNotEmpty();
        return used.getLast();
    }

    private static String refusal(TidemarkClient client, String id) throws Exception {
        try {
            client.response(id, 0);
            return "not refused";
        } catch (RefusedException e) {
            return e.toString();
        }
    }

    private static void assertListed(URI edge, List<String> ids) throws Exception {
        var list = HttpRequest.newBuilder(edge.resolve("/v1/streams?limit=100")).build();
        try (var http = HttpClient.newHttpClient()) {
            await().atMost(LONG)
                    .untilAsserted(() -> {
                        var answer = http.send(list, HttpResponse.BodyHandlers.ofString());
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        var found =
                                JSON.readTree(answer.body())
                                        .path("streams")
                                        .findValuesAsText("requestId");
                        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
                    });
        }
    }

    private void assertVerified(String servers) {
        assertThat(run(servers, "verify", "--closed", "--wait", "2m")).isZero();
    }

    /* A minute may have one on its old partition and one on the new: they are added. */
    private static void assertRollups(String servers, int streams) {
        var topics = Topics.defaults();
        try (var log = new KafkaLog(servers)) {
            await().atMost(LONG)
                    .untilAsserted(() -> {
                        var latest = new HashMap<String, Long>();
                        log.each(
                                topics.rollups(),
                                record ->
                                        latest.put(
                                                record.partition()
                                                        + new String(
                                                                record.key(),
                                                                StandardCharsets.UTF_8),
                                                RollupCodec.decode(record.value()).requests()));
                        assertThat(latest.values().stream().mapToLong(it -> it).sum())
                                .isEqualTo(streams);
                    });
        }
    }
}
