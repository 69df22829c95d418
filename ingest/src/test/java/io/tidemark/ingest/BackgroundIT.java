package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.SimulatedFault;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Responses that their provider goes on with by itself: connections break and workers die, and no
 * token is lost and none is doubled.
 */
@RunsOnKafka
class BackgroundIT {
    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    /** About three seconds, unless it is asked for otherwise. */
    private StreamId longStream(String... metadata) {
        return harness.askInBackground("sim-long", "300", "10", metadata);
    }

    /** A minute: outlasts whatever is done to it, so that it never ends by itself. */
    private StreamId lastingStream() {
        return harness.askInBackground("sim-long", "4000", "15");
    }

    @Test
    void aConnectionThatIsResetAgainAndAgainCostsNothing() throws Exception {
        harness.start(simulator.baseUrl());

        var id =
                longStream(
                        "sim_fault",
                        "reset",
                        "sim_fault_after_bytes",
                        "9000",
                        "sim_fault_times",
                        "3");

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isEqualTo(textAtProvider(log));
        assertThat(statuses(log, Status.RECONNECTING))
                .extracting(Status::detail)
                .containsExactly("connection_lost", "connection_lost", "connection_lost");
        assertThat(log.fences()).isZero();
        assertThat(cancels()).isZero();
        /* A reset may overtake all that a connection has brought. */
        assertThat(harness.counted(IngestMetrics.RESPONSES_RESUMED, "outcome", "resumed"))
                .isBetween(1.0, 3.0);
    }

    @Test
    void aProviderThatRefusesForAMomentIsAskedAgain() throws Exception {
        harness.start(simulator.baseUrl());
        var id =
                longStream(
                        "sim_fault", "eof",
                        "sim_fault_after_bytes", "9000",
                        "sim_fault_times", "1",
                        "sim_ttft_ms", "2000");
        harness.reached(id, 3); // it speaks much later than it is named
        simulator.failNext(new SimulatedFault.Status(503, Optional.of("0")), 2);

        var log = harness.ended(id).whole();

        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isEqualTo(textAtProvider(log));
        assertThat(statuses(log, Status.RECONNECTING))
                .extracting(Status::detail)
                .containsExactly("connection_lost", "provider_overloaded", "provider_overloaded");
    }

    @Test
    void theNextWorkerGoesOnWhereAKilledOneStopped() throws Exception {
        var first = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 60);

        first.kill();
        int written = harness.log(id).events().size();
        harness.start(simulator.baseUrl());

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isEqualTo(textAtProvider(log));
        assertThat(log.events().size()).isGreaterThan(written);
        assertThat(log.fences()).isEqualTo(1);
        assertThat(log.lastAttempt()).isEqualTo(2);
        assertThat(statuses(log, Status.RESUMED)).hasSize(1);
        assertThat(cancels()).isZero();
        assertThat(harness.counted(IngestMetrics.STREAMS_TAKEN_OVER, "action", "resumed"))
                .isEqualTo(1);
        harness.awaitAllCommitted();
    }

    @Test
    void aWorkerThatHasToStopLeavesItToTheNext() throws Exception {
        var first = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 60);

        first.close();
        assertThat(harness.log(id).ended()).isFalse();
        harness.start(simulator.baseUrl());

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isEqualTo(textAtProvider(log));
        assertThat(cancels()).isZero();
        harness.awaitAllCommitted();
    }

    @Test
    void aCancelReachesTheProvider() throws Exception {
        harness.start(simulator.baseUrl());
        var id = lastingStream();
        harness.reached(id, 20);

        harness.cancel(id);

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(atProvider(log).path("status").asText()).isEqualTo("cancelled");
        assertThat(cancels()).isEqualTo(1);
        assertThat(harness.counted(IngestMetrics.PROVIDER_CANCELS, "outcome", "done")).isEqualTo(1);
    }

    @Test
    void aCancelThatCameWhileNobodyOwnedItReachesTheProvider() throws Exception {
        var first = harness.start(simulator.baseUrl());
        var id = lastingStream();
        harness.reached(id, 20);
        first.kill();
        harness.cancel(id);

        harness.start(simulator.baseUrl());

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(atProvider(log).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void aResponseThatTheProviderHasForgottenIsAborted() {
        var first = harness.start(simulator.baseUrl());
        var id = lastingStream();
        harness.reached(id, 60);
        first.kill();
        simulator.forgetResponses();

        harness.start(simulator.baseUrl());

        var log = harness.ended(id).whole();
        assertThat(log.failed().code()).isEqualTo("aborted");
        assertThat(log.failed().retryable()).isTrue();
        assertThat(log.failed().partial()).isTrue();
        assertThat(statuses(log, Status.RESUMED)).isEmpty();
        harness.awaitAllCommitted();
    }

    @Test
    void aSilentResponseThatIsGivenUpIsCancelled() throws Exception {
        var timeouts =
                new UpstreamTimeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(400),
                        Duration.ofMinutes(1));
        var provider =
                WorkerHarness.provider(simulator.baseUrl(), timeouts)
                        .withResilience(Resilience.defaults().withAttemptsMax(1).withResumesMax(0));
        harness.start(harness.config("worker-1", provider));

        var id = longStream("sim_fault", "stall", "sim_fault_after_bytes", "9000");

        var log = harness.ended(id).whole();
        assertThat(log.failed().code()).isEqualTo("idle_timeout");
        assertThat(log.failed().partial()).isTrue();
        assertThat(statuses(log, Status.RECONNECTING)).isEmpty();
        assertThat(atProvider(log).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void anOrdinaryResponseIsAbortedAsEver() {
        var first = harness.start(simulator.baseUrl());
        var id = harness.ask("sim-long", "sim_token_ms", "15", "sim_tokens", "4000");
        harness.reached(id, 20);

        first.kill();
        harness.start(simulator.baseUrl());

        assertThat(harness.ended(id).whole().failed().code()).isEqualTo("aborted");
        assertThat(cancels()).isZero();
    }

    private long cancels() {
        return simulator.requests().stream()
                .filter(request -> request.path().endsWith("/cancel"))
                .count();
    }

    private static List<Status> statuses(StreamLog log, String name) {
        return log.events().stream()
                .map(StreamEvent::body)
                .filter(Status.class::isInstance)
                .map(Status.class::cast)
                .filter(status -> status.status().equals(name))
                .toList();
    }

    private String textAtProvider(StreamLog log) throws Exception {
        return atProvider(log).at("/output/0/content/0/text").asText();
    }

    /** The response as the provider has it. */
    private JsonNode atProvider(StreamLog log) throws Exception {
        var id =
                statuses(log, Status.ACCEPTED).stream()
                        .map(Status::providerResponseId)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/responses/" + id))
                            .build();
            return new ObjectMapper()
                    .readTree(client.send(request, BodyHandlers.ofString()).body());
        }
    }
}
