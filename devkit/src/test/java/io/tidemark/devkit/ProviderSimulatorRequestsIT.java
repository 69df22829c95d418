package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;
import static io.tidemark.devkit.SimulatorClient.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.ProviderSimulatorConfig.Limits;
import io.tidemark.devkit.SimulatedRequest.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** What the simulator takes, refuses, notices and remembers. */
class ProviderSimulatorRequestsIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CHUNKED_REQUEST =
            """
            POST /v1/responses HTTP/1.1\r
            authorization: Bearer k\r
            transfer-encoding: chunked\r
            \r
            c\r
            {"model":"m"\r
            10;x=y\r
            ,"input":"salt"}\r
            0\r
            \r
            """;

    private final ProviderSimulator simulator =
            ProviderSimulator.start(
                    ProviderSimulatorConfig.DEFAULT
                            .withKeyRequired(true)
                            .withLimits(new Limits(3, 2_000, 5_000, 4, 4, 5_000)));
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                                  |      ",
                "[]                                                 |      ",
                "{} {}                                              |      ",
                "{\"input\":\"a\"}                                  | model",
                "{\"model\":7,\"input\":\"a\"}                      | model",
                "{\"model\":\"m\"}                                  | input",
                "{\"model\":\"m\",\"input\":7}                      | input",
                "{\"model\":\"m\",\"input\":\"a\",\"stream\":\"yes\"} | stream",
                "{\"model\":\"m\",\"input\":\"a\",\"metadata\":{\"sim_token_ms\":\"x\"}} | metadata.sim_token_ms",
                "{\"model\":\"m\",\"input\":\"a\",\"metadata\":{\"sim_tokens\":\"0\"}} | metadata.sim_tokens",
                "{\"model\":\"m\",\"input\":\"a\",\"metadata\":{\"sim_fault\":\"fire\"}} | metadata.sim_fault",
                "{\"model\":\"m\",\"input\":\"a\",\"metadata\":{\"sim_fault\":\"status\",\"sim_status\":\"200\"}} | metadata.sim_status",
                "{\"model\":\"recording:a.sse\",\"input\":\"a\"}    | model",
            })
    void badBodiesAreRefusedWithTheParameterAtFault(String body, String parameter)
            throws Exception {
        var answer = client.post(body, "authorization", "Bearer k");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer, "type")).isEqualTo("invalid_request_error");
        assertThat(error(answer, "message")).isNotEmpty();
        assertThat(error(answer, "param")).isEqualTo(parameter == null ? "null" : parameter);
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.REFUSED);
    }

    @Test
    void aMissingKeyIsRefused() throws Exception {
        assertThat(client.post("{}").statusCode()).isEqualTo(401);
        assertThat(client.post("{}", "authorization", "Basic abc").statusCode()).isEqualTo(401);
        assertThat(client.post("{}", "authorization", "bearer abc").statusCode()).isEqualTo(400);
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(client.request("POST", "/v1/completions").statusCode()).isEqualTo(404);
        assertThat(client.request("GET", "/").statusCode()).isEqualTo(404);
        var answer = client.request("GET", "/v1/responses?limit=1");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedUnread() throws Exception {
        var answer = client.post(whole("sim-answer").put("input", "x".repeat(6_000)));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(error(answer, "message")).contains("5000");
    }

    @Test
    void headersBeyondTheLimitAreRefused() throws Exception {
        var answer = client.post("{}", "x-long", "x".repeat(3_000));

        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(error(answer, "message")).contains("2000");
    }

    @Test
    void whatIsNotHttpIsRefused() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.send("hello there\r\n\r\n");

            assertThat(raw.readHead()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefused() throws Exception {
        try (var a = stalled();
                var b = stalled();
                var c = stalled();
                var d = new RawClient(simulator.port())) {
            assertThat(d.readHead()).startsWith("HTTP/1.1 503 ");
            assertThat(simulator.openConnections()).isGreaterThanOrEqualTo(3);
            assertThat(a.in().available() + b.in().available() + c.in().available()).isZero();
        }
    }

    @Test
    void chunkedRequestBodiesAndKeptConnectionsWork() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            for (var round = 0; round < 3; round++) {
                raw.send(CHUNKED_REQUEST);
                assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
                assertThat(new String(raw.readChunks().getFirst(), StandardCharsets.UTF_8))
                        .contains("salt");
            }
            assertThat(simulator.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatHangsUpWhileNothingIsSentIsNoticedAtOnce() throws Exception {
        var raw = new RawClient(simulator.port());
        send(raw, streaming("sim-answer", "sim_ttft_ms", "600000"));
        raw.readHead();
        var request = simulator.awaitRequest(r -> r.sentFrames() >= 2, SOON);
        assertThat(request.ended()).isFalse();

        raw.close();

        var closed = simulator.awaitClosed(request.id(), Duration.ofSeconds(1));
        assertThat(closed.ending()).isEqualTo(Ending.CLIENT_CLOSED);
        assertThat(closed.sentTokens()).isZero();
    }

    @Test
    void aClientThatHangsUpBetweenTokensIsNoticedAtOnce() throws Exception {
        var raw = new RawClient(simulator.port());
        send(raw, streaming("sim-long", "sim_token_ms", "5"));
        var request = simulator.awaitRequest(r -> r.sentTokens() >= 5, SOON);

        raw.close();

        var closed = simulator.awaitClosed(request.id(), Duration.ofSeconds(1));
        assertThat(closed.ending()).isEqualTo(Ending.CLIENT_CLOSED);
        assertThat(closed.sentTokens()).isLessThan(1_000);
    }

    @Test
    void anAccountHoldsWhatWasAskedAndSentButNoKey() throws Exception {
        var answer = client.post(streaming("sim-answer"));

        var request = simulator.awaitClosed(1, SOON);
        assertThat(request.model()).isEqualTo("sim-answer");
        assertThat(request.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(request.statusCode()).isEqualTo(200);
        assertThat(request.fault()).isEmpty();
        assertThat(request.bodyBytes()).isEqualTo(streaming("sim-answer").toString().length());
        assertThat(request.sentBytes())
                .isEqualTo(answer.body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(request.sentFrames()).isEqualTo(answer.body().split("\n\n").length);
        assertThat(request.endedAt().orElseThrow()).isAfterOrEqualTo(request.startedAt());
        assertThat(request.headers()).containsEntry("authorization", "[redacted]");
        assertThat(request.toString()).doesNotContain("test-key").doesNotContain("salt");
    }

    @Test
    void usageAddsUpToWhatTheTerminalsReported() throws Exception {
        var first = client.events(streaming("sim-answer")).getLast().at("/response/usage");
        var second = client.events(streaming("sim-max-tokens")).getLast().at("/response/usage");
        client.events(streaming("sim-fail"));
        client.post(whole("sim-tool"));
        simulator.awaitClosed(4, SOON);

        var usage = simulator.reportedUsage();
        assertThat(usage.responses()).isEqualTo(3);
        assertThat(usage.outputTokens())
                .isEqualTo(
                        first.path("output_tokens").asLong()
                                + second.path("output_tokens").asLong()
                                + 16);
        assertThat(usage.inputTokens()).isEqualTo(3 * first.path("input_tokens").asLong());
    }

    @Test
    void onlyTheNewestAccountsAreKept() throws Exception {
        for (var i = 0; i < 6; i++) {
            client.post(whole("sim-tool"));
        }
        simulator.awaitClosed(6, SOON);

        assertThat(simulator.requests().stream().map(SimulatedRequest::id))
                .containsExactly(3L, 4L, 5L, 6L);
        assertThatThrownBy(() -> simulator.awaitClosed(1, Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void closeEndsWhatIsGoingOnAndFreesThePort() throws Exception {
        try (var raw = stalled()) {
            simulator.close();
            simulator.close();

            assertThat(simulator.requests().getFirst().ending()).isEqualTo(Ending.SIMULATOR_CLOSED);
            assertThat(simulator.openConnections()).isZero();
            assertThat(endOf(raw)).isTrue();
        }
        var config = ProviderSimulatorConfig.DEFAULT.withPort(simulator.port());
        try (var next = ProviderSimulator.start(config)) {
            assertThat(next.baseUrl()).isEqualTo("http://127.0.0.1:" + simulator.port() + "/v1");
            assertThatThrownBy(() -> ProviderSimulator.start(config))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + simulator.port());
        }
    }

    private RawClient stalled() throws Exception {
        var raw = new RawClient(simulator.port());
        var before = simulator.requests().size();
        send(raw, streaming("sim-answer", "sim_fault", "stall", "sim_fault_after_bytes", "-1"));
        simulator.awaitRequest(r -> simulator.requests().size() > before, SOON);
        return raw;
    }

    private static void send(RawClient raw, JsonNode body) throws IOException {
        raw.post(body, "authorization: Bearer k");
    }

    private static boolean endOf(RawClient raw) {
        try {
            return raw.in().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static String error(HttpResponse<String> answer, String field) throws IOException {
        return SimulatorClient.JSON.readTree(answer.body()).path("error").path(field).asText();
    }
}
