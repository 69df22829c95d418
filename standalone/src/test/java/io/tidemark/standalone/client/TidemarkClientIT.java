package io.tidemark.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What becomes of answers that are not there yet, or are none. */
class TidemarkClientIT {
    private static final Answer RESTORING =
            new Answer(503, "{\"code\":\"projector_unavailable\",\"reason\":\"restoring\"}");
    private static final Answer DONE = new Answer(200, "{\"status\":\"completed\"}");

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private HttpServer edge;
    private TidemarkClient client;

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() throws IOException {
        edge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        edge.createContext("/v1/streams/an-id", this::answer);
        edge.start();
        client = new TidemarkClient(URI.create("http:/" + edge.getAddress()));
    }

    @AfterEach
    void stop() {
        client.close();
        edge.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var next = answers.remove();
            var body = next.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(next.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void aProjectorThatCannotAnswerYetIsAskedAgain() throws Exception {
        answers.add(RESTORING);
        answers.add(DONE);

        assertThat(client.response("an-id", 7).path("status").asText()).isEqualTo("completed");
        assertThat(answers).isEmpty();
    }

    @Test
    void whatWillNotPassIsRefusedAtOnce() {
        answers.add(new Answer(503, "{\"code\":\"partition_added\"}"));
        answers.add(DONE);

        assertThatThrownBy(() -> client.response("an-id", 7))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> {
                            assertThat(refused.statusCode()).isEqualTo(503);
                            assertThat(refused.code()).isEqualTo("partition_added");
                        });
        assertThat(answers).containsExactly(DONE);
    }

    @Test
    void anErrorOfSomethingBetweenHasNoCode() {
        answers.add(new Answer(502, "<html>bad gateway</html>"));

        assertThatThrownBy(() -> client.response("an-id", 7))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> {
                            assertThat(refused.statusCode()).isEqualTo(502);
                            assertThat(refused.code()).isEmpty();
                        });
    }
}
