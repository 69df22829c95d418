package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Every way in which a provider fails ends in one start and one honest terminal. */
@RunsOnKafka
class UpstreamFaultsIT {
    private static final UpstreamTimeouts SHORT =
            new UpstreamTimeouts(
                    Duration.ofSeconds(2),
                    Duration.ofMillis(700),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(60));

    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    @ParameterizedTest
    @CsvSource({
        "reset, -1, connection_lost, false",
        "reset, 0, connection_lost, false",
        "reset, 3000, connection_lost, true",
        "eof, 0, connection_lost, false",
        "eof, 3000, connection_lost, true",
        "malformed, 3000, protocol_error, true"
    })
    void endsWithWhatBrokeTheBody(String fault, String afterBytes, String code, boolean partial) {
        harness.start(simulator.baseUrl());

        var id = harness.ask("sim-long", "sim_fault", fault, "sim_fault_after_bytes", afterBytes);

        var failed = harness.ended(id).whole().failed();
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.partial()).isEqualTo(partial);
        harness.awaitAllCommitted();
    }

    @ParameterizedTest
    @CsvSource({"-1, provider_timeout", "0, provider_timeout", "3000, idle_timeout"})
    void closesAConnectionThatStalls(int afterBytes, String code) throws Exception {
        harness.start(
                harness.config("worker-1", WorkerHarness.provider(simulator.baseUrl(), SHORT)));
        simulator.failNext(new SimulatedFault.Stall(afterBytes), 1);

        var id = harness.ask("sim-long");

        var failed = harness.ended(id).whole().failed();
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.retryable()).isTrue();
        var closed = simulator.awaitClosed(1, Duration.ofSeconds(2));
        assertThat(closed.ending()).isIn(Ending.CLIENT_CLOSED, Ending.FAULT);
    }

    @Test
    void endsAStreamThatTakesTooLong() {
        var timeouts =
                new UpstreamTimeouts(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1));
        harness.start(
                harness.config("worker-1", WorkerHarness.provider(simulator.baseUrl(), timeouts)));

        var id = harness.ask("sim-long", "sim_tokens", "2000", "sim_token_ms", "20");

        var failed = harness.ended(id).whole().failed();
        assertThat(failed.code()).isEqualTo("deadline_exceeded");
        assertThat(failed.retryable()).isFalse();
    }

    @Test
    void waitsForAFreeConnectionWithinItsTime() {
        var config = WorkerHarness.provider(simulator.baseUrl(), WorkerHarness.patient());
        var single =
                new ProviderConfig(
                        config.name(),
                        config.apis(),
                        config.baseUrl(),
                        config.apiKey(),
                        config.headers(),
                        1,
                        config.timeouts(),
                        config.resilience());
        harness.start(harness.config("worker-1", single));

        var first = harness.ask("sim-long", "sim_tokens", "2000", "sim_token_ms", "20");
        harness.reached(first, 5);
        var second = harness.ask("sim-answer");
        var third = harness.ask("sim-answer");
        harness.reached(third, 0);
        assertThat(simulator.requests()).hasSize(1);
        harness.cancel(third);
        assertThat(harness.ended(third).whole().completed().outcome()).isEqualTo(Outcome.CANCELLED);
        harness.cancel(first);

        assertThat(harness.ended(second).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(simulator.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate_limited, true",
        "500, provider_error, true",
        "503, provider_overloaded, true",
        "401, authentication_failed, false",
        "400, invalid_request, false"
    })
    void saysWhyItWasRefused(int status, String code, boolean retryable) {
        harness.start(simulator.baseUrl());
        simulator.failNext(new SimulatedFault.Status(status, Optional.of("7")), 1);

        var log = harness.ended(harness.ask("sim-answer")).whole();

        assertThat(log.events()).hasSize(2);
        assertThat(log.failed().code()).isEqualTo(code);
        assertThat(log.failed().httpStatus()).isEqualTo(status);
        assertThat(log.failed().retryable()).isEqualTo(retryable);
        assertThat(log.failed().retryAfterMs()).isEqualTo(status == 401 ? null : 7000L);
        assertThat(log.failed().partial()).isFalse();
    }

    @Test
    void reportsAConnectionThatIsRefused() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        harness.start("http://127.0.0.1:" + port + "/v1");

        var failed = harness.ended(harness.ask("sim-answer")).whole().failed();

        assertThat(failed.code()).isEqualTo("connection_lost");
        assertThat(failed.retryable()).isTrue();
    }

    @Test
    void refusesWhatIsNoEventStream() {
        try (var server = CannedServer.of(200, "text/html", "<html>hello</html>")) {
            harness.start(server.baseUrl());

            var failed = harness.ended(harness.ask("any")).whole().failed();

            assertThat(failed.code()).isEqualTo("protocol_error");
        }
    }

    @Test
    void readsTheErrorOfAnAnswerThatSaysItWentWell() {
        var body = "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow down\"}}";
        try (var server = CannedServer.of(200, "application/json", body)) {
            harness.start(server.baseUrl());

            var failed = harness.ended(harness.ask("any")).whole().failed();

            assertThat(failed.code()).isEqualTo("rate_limited");
            assertThat(failed.providerCode()).isEqualTo("rate_limit_exceeded");
        }
    }

    @Test
    void readsACompressedRefusal() {
        try (var server =
                new CannedServer(exchange -> {
                    exchange.getResponseHeaders().set("content-encoding", "gzip");
                    CannedServer.answer(
                            exchange,
                            429,
                            "application/json",
                            CannedServer.gzip("{\"error\":{\"code\":\"insufficient_quota\"}}"));
                })) {
            harness.start(server.baseUrl());

            var failed = harness.ended(harness.ask("any")).whole().failed();

            assertThat(failed.code()).isEqualTo("quota_exhausted");
        }
    }

    @Test
    void followsNoRedirect() {
        try (var elsewhere = CannedServer.of(200, "text/event-stream", "data: {}\n\n");
                var server =
                        new CannedServer(exchange -> {
                            exchange.getResponseHeaders().set("location", elsewhere.baseUrl());
                            exchange.sendResponseHeaders(307, -1);
                        })) {
            harness.start(server.baseUrl());

            var failed = harness.ended(harness.ask("any")).whole().failed();

            assertThat(failed.code()).isEqualTo("protocol_error");
            assertThat(failed.httpStatus()).isEqualTo(307);
        }
    }

    @Test
    void endsAStreamWhoseFrameIsTooLarge() {
        try (var server =
                CannedServer.of(200, "text/event-stream", "data: " + "x".repeat(5000) + "\n\n")) {
            harness.start(
                    server.baseUrl(), config -> config.withLimits(small(config.limits(), 2048)));

            var failed = harness.ended(harness.ask("any")).whole().failed();

            assertThat(failed.code()).isEqualTo("protocol_error");
        }
    }

    @Test
    void endsAStreamWhoseEventIsTooLargeForTheLog() {
        harness.start(
                simulator.baseUrl(),
                config ->
                        config.withLimits(
                                new IngestLimits(
                                        10,
                                        1024,
                                        config.limits().frameBytesMax(),
                                        1024,
                                        10,
                                        10,
                                        1,
                                        ResponseLimits.defaults())));

        var id = harness.mint();
        var start = WorkerHarness.startOf(id, "sim-answer");
        harness.send(
                new Command.Start(
                        id,
                        start.at(),
                        start.api(),
                        start.provider(),
                        start.model(),
                        start.request(),
                        start.onDisconnect(),
                        null,
                        Map.of("one", "x".repeat(512), "other", "x".repeat(512)),
                        null));

        var failed = harness.ended(id).whole().failed();
        assertThat(failed.code()).isEqualTo("protocol_error");
        harness.awaitAllCommitted();
    }

    private static IngestLimits small(IngestLimits limits, int frameBytesMax) {
        return new IngestLimits(
                limits.streamsMax(),
                limits.eventBytesMax(),
                frameBytesMax,
                limits.errorBodyBytesMax(),
                limits.idsRememberedMax(),
                limits.backlogStreamsMax(),
                limits.takeoversMax(),
                limits.response());
    }
}
