package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What each role says of itself where it runs alone: whether it is well, and its meters. */
@RunsOnKafka
class MetersIT {
    /** Counted only when something happens that does not happen here. */
    private static final Set<String> OF_OTHER_DAYS =
            Set.of(
                    "tidemark.ingest.attempts.retried",
                    "tidemark.ingest.commands.expired",
                    "tidemark.ingest.commands.ignored",
                    "tidemark.ingest.dead.letters",
                    "tidemark.ingest.provider.cancels",
                    "tidemark.ingest.provider.events.unmapped",
                    "tidemark.ingest.responses.resumed",
                    "tidemark.ingest.streams.deserted",
                    "tidemark.ingest.streams.taken.over",
                    "tidemark.edge.keyed.starts");

    @TempDir private Path data;

    private final ShutdownStack stack = new ShutdownStack();
    private final HttpClient http = HttpClient.newHttpClient();
    private SystemProcess ingest;
    private SystemProcess projector;
    private SystemProcess edge;
    private URI status;

    @BeforeEach
    void start(TestKafka kafka, TestInfo test) throws Exception {
        var simulator =
                stack.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        var servers = "kafka.bootstrap-servers=" + kafka.bootstrapServers();
        var name = test.getTestMethod().orElseThrow().getName();
        var prefix = "topics.prefix=" + kafka.prefix(name);
        int port = FreePort.find();
        status = URI.create("http://127.0.0.1:" + port);
        ingest =
                role(
                        "ingest",
                        servers,
                        prefix,
                        "ingest.port=" + port,
                        "providers.openai.base-url=" + simulator.baseUrl());
        projector = role("projector", servers, prefix, "projector.port=0", "data-dir=" + data);
        edge =
                role(
                        "edge",
                        servers,
                        prefix,
                        "edge.port=0",
                        "edge.projector-url=" + projector.address());
    }

    private SystemProcess role(String role, String... settings) throws Exception {
        return stack.push(role, SystemProcess.start(role, List.of(settings)));
    }

    @AfterEach
    void stop() {
        http.close();
        stack.close();
    }

    @Test
    void everyRoleIsAliveAndReadyAndShowsTheMetersThatAreDocumented() throws Exception {
        readOneStreamAndAskForOneThatIsNot();

        var shown = new TreeMap<String, String>();
        for (var role :
                Map.of(
                                "ingest", status,
                                "projector", projector.address(),
                                "edge", edge.address())
                        .entrySet()) {
            assertThat(get(role.getValue(), "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(role.getValue(), "/readyz").statusCode()).isEqualTo(200);
            var families = families(get(role.getValue(), "/metrics").body());
            assertThat(families.keySet())
                    .as(role.getKey())
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("tidemark_" + role.getKey() + "_"));
            shown.putAll(families);
        }
        assertDocumented(shown);
    }

    private void readOneStreamAndAskForOneThatIsNot() throws Exception {
        try (var client = new TidemarkClient(edge.address())) {
            var id = client.start("openai.responses", TestSystem.request("sim-answer", Map.of()));
            var assembly = new TextAssembly();
            Followed.follow(client, id, assembly, Integer.MAX_VALUE);
            assertThat(client.response(id, assembly.tidemark()).path("status").asText())
                    .isEqualTo("completed");
            assertThat(get(edge.address(), "/v1/streams/nothing").statusCode()).isEqualTo(400);
        }
    }

    /* The families of a scrape, and their types: what stands behind # TYPE. */
    private static Map<String, String> families(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1))
                .filter(words -> !words[2].endsWith("_max"))
                .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    }

    private static void assertDocumented(Map<String, String> shown) throws IOException {
        var unseen = new TreeSet<String>();
        var left = new TreeMap<>(shown);
        for (var meter : DocumentedMeter.all()) {
            var base = meter.name().replace('.', '_');
            var family =
                    switch (meter.type()) {
                        case "counter" -> base + "_total";
                        case "timer" -> base + "_seconds";
                        default -> base;
                    };
            var type = left.remove(family);
            if (type == null) {
                unseen.add(meter.name());
            } else {
                assertThat(type).as(meter.name()).isIn(types(meter));
            }
        }
        assertThat(left).as("shown and not documented, or of another type").isEmpty();
        assertThat(OF_OTHER_DAYS).as("documented and not shown").containsAll(unseen);
    }

    private static List<String> types(DocumentedMeter meter) {
        return switch (meter.type()) {
            case "counter", "gauge" -> List.of(meter.type());
            default -> List.of("summary", "histogram");
        };
    }

    @Test
    void aWorkerThatStopsIsAliveAndNotReadyWhileItsStreamsGoOn() throws Exception {
        try (var client = new TidemarkClient(edge.address())) {
            var id =
                    client.start(
                            "openai.responses",
                            TestSystem.request(
                                    "sim-long",
                                    Map.of("sim_token_ms", "100", "sim_tokens", "100")));
            Followed.follow(client, id, new TextAssembly(), 5);

            var stopping = Thread.startVirtualThread(this::stopIngest);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get(status, "/readyz").statusCode() == 503);
            assertThat(get(status, "/healthz").statusCode()).isEqualTo(200);

            assertThat(Followed.whole(client, id).getLast().type()).isEqualTo("stream.completed");
            stopping.join();
        }
    }

    private void stopIngest() {
        try {
            assertThat(ingest.stop(Duration.ofMinutes(2))).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> get(URI role, String path)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(role.resolve(path)).build();
        return http.send(request, BodyHandlers.ofString());
    }
}
