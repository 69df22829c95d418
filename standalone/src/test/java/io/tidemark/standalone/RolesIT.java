package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every role in a process of its own, against the Kafka of one of them. */
@HasOwnKafka(because = "the role kafka is tested too")
class RolesIT {
    @TempDir private Path data;

    @Test
    void rolesAloneMakeTheWholeAndStopCleanly() throws Exception {
        var servers = "kafka.bootstrap-servers=127.0.0.1:" + FreePort.find();
        var started = new ArrayList<SystemProcess>();
        try {
            started.add(SystemProcess.start("kafka", List.of(servers, "data-dir=" + data)));
            var simulator =
                    SystemProcess.start(
                            "simulator",
                            List.of("simulator.port=0", "simulator.token-interval=1ms"));
            started.add(simulator);
            started.add(
                    SystemProcess.start(
                            "ingest",
                            List.of(
                                    servers,
                                    "providers.openai.base-url=" + simulator.address() + "/v1")));
            var projector =
                    SystemProcess.start(
                            "projector", List.of(servers, "projector.port=0", "data-dir=" + data));
            started.add(projector);
            var other =
                    SystemProcess.start(
                            "projector",
                            List.of(
                                    servers,
                                    "projector.port=0",
                                    "projector.instance-id=other",
                                    "data-dir=" + data.resolve("other")));
            started.add(other);
            var edge =
                    SystemProcess.start(
                            "edge",
                            List.of(
                                    servers,
                                    "edge.port=0",
                                    "edge.projector-url=%s, %s"
                                            .formatted(projector.address(), other.address())));
            started.add(edge);

            var id = assertMainJob(edge);
            assertListed(edge, id);
            for (var process : started.reversed()) {
                assertThat(process.stop()).isZero();
            }
        } finally {
            started.reversed().forEach(SystemProcess::close);
        }
    }

    private static String assertMainJob(SystemProcess edge) throws Exception {
        try (var client = new TidemarkClient(edge.address())) {
            var id = client.start("openai.responses", TestSystem.request("sim-answer", Map.of()));
            var assembly = new TextAssembly();
            Followed.follow(client, id, assembly, Integer.MAX_VALUE);
            assertThat(assembly.ended()).isTrue();
            assertThat(client.response(id, assembly.tidemark()).path("status").asText())
                    .isEqualTo("completed");
            return id;
        }
    }

    /* Partitions may still be on their way to the second projector. */
    private static void assertListed(SystemProcess edge, String id) {
        var list = HttpRequest.newBuilder(edge.address().resolve("/v1/streams")).build();
        try (var http = HttpClient.newHttpClient()) {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> {
                        var answer = http.send(list, BodyHandlers.ofString());
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        assertThat(answer.body()).contains(id).contains("\"completed\"");
                    });
        }
    }
}
