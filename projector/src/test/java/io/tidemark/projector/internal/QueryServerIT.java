package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.projector.ProjectorStartException;
import io.tidemark.projector.SampleStream;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The query endpoint over a socket; {@link QueryHandlerTest} has the cases. */
final class QueryServerIT {
    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();
    private final HttpClient http = HttpClient.newHttpClient();
    private final QueryServer server = QueryServer.bind("127.0.0.1", 0, 8);

    @BeforeEach
    void start() {
        var handler = Handlers.alone(topology, () -> State.RUNNING);
        server.start(_ -> handler, () -> "tidemark_up 1\n");
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
        topology.close();
    }

    @Test
    void answersWithTheResponse() throws Exception {
        topology.append(stream.records());

        var answer = get("/v1/responses/" + stream.id() + "?minSequence=22&waitMs=100");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        var written = new String(topology.responseRecords().getFirst().value(), UTF_8);
        assertThat(answer.body()).isEqualTo(written);
    }

    @Test
    void canOnlyBeRead() throws Exception {
        var uri = server.address().resolve("/v1/responses/" + stream.id());
        var post = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("{}")).build();

        var answer = http.send(post, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
        assertThat(problem(answer).path("field").asText()).isEqualTo("method");
    }

    @Test
    void showsItsMetersToWhoeverScrapesThem() throws Exception {
        var answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).isEqualTo("tidemark_up 1\n");
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    }

    @Test
    void saysHowItIsWhenItIsTooBusyForQueries() throws Exception {
        try (var full = QueryServer.bind("127.0.0.1", 0, 0)) {
            var handler = Handlers.alone(topology, () -> State.RUNNING);
            full.start(_ -> handler, () -> "tidemark_up 1\n");

            assertThat(get(full, "/v1/streams").statusCode()).isEqualTo(503);
            for (var path : new String[] {"/healthz", "/readyz", "/metrics"}) {
                assertThat(get(full, path).statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void refusesAPortThatIsTaken() {
        int taken = server.address().getPort();

        assertThatThrownBy(() -> QueryServer.bind("127.0.0.1", taken, 1))
                .isInstanceOf(ProjectorStartException.class)
                .hasMessageContaining("127.0.0.1:" + taken);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(server, path);
    }

    private HttpResponse<String> get(QueryServer asked, String path)
            throws IOException, InterruptedException {
        var uri = URI.create(asked.address() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static JsonNode problem(HttpResponse<String> answer) throws IOException {
        assertThat(answer.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
        return new ObjectMapper().readTree(answer.body());
    }
}
