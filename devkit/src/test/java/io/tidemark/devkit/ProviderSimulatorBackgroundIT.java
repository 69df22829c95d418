package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.eventsOf;
import static io.tidemark.devkit.SimulatorClient.streaming;
import static io.tidemark.devkit.SimulatorClient.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulatorConfig.Limits;
import io.tidemark.devkit.SimulatedRequest.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Responses in background mode: they go on whoever listens, and can be read again. */
class ProviderSimulatorBackgroundIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withSeed(7));
    private SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    private void restart(Limits limits) {
        stop();
        simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withLimits(limits));
        client = new SimulatorClient(simulator);
    }

    private static ObjectNode background(String model, String... metadata) {
        return streaming(model, metadata).put("background", true);
    }

    private String get(String id, String query) throws IOException, InterruptedException {
        var answer = client.request("GET", "/v1/responses/" + id + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private int status(String method, String path) throws IOException, InterruptedException {
        return client.request(method, "/v1/responses/" + path).statusCode();
    }

    private static String idOf(List<JsonNode> events) {
        return events.getFirst().at("/response/id").asText();
    }

    /** A response of which the first reader lost the connection after some bytes. */
    private String broken(String model, String... more) throws Exception {
        var body = background(model, more);
        body.withObject("metadata")
                .put("sim_fault", "eof")
                .put("sim_fault_after_bytes", "3000")
                .put("sim_fault_times", "1");
        var partial = client.post(body).body();
        return idOf(eventsOf(partial.substring(0, partial.lastIndexOf("\n\n") + 2)));
    }

    @Test
    void itsEventsBeginWithTheQueueAndAreNumbered() throws Exception {
        var events = client.events(background("sim-answer"));

        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .startsWith("response.created", "response.queued", "response.in_progress")
                .endsWith("response.completed");
        assertThat(events)
                .extracting(event -> event.path("sequence_number").asLong())
                .containsExactlyElementsOf(LongStream.range(0, events.size()).boxed().toList());
        assertThat(events.getFirst().at("/response/background").asBoolean()).isTrue();
    }

    @Test
    void itCanBeReadAgainFromAnyEventOn() throws Exception {
        var first = client.post(background("sim-reasoning")).body();
        var events = eventsOf(first);
        var id = idOf(events);

        assertThat(get(id, "?stream=true")).isEqualTo(first);
        for (var after = 0; after < events.size(); after++) {
            assertThat(eventsOf(get(id, "?stream=true&starting_after=" + after)))
                    .isEqualTo(events.subList(after + 1, events.size()));
        }
    }

    @Test
    void itGoesOnWhileNobodyIsConnected() throws Exception {
        var id = broken("sim-long", "sim_tokens", "60", "sim_token_ms", "5");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(statusOf(get(id, ""))).isEqualTo("completed"));

        var events = eventsOf(get(id, "?stream=true"));
        assertThat(events.getLast().path("type").asText()).isEqualTo("response.completed");
        assertThat(simulator.requests().getFirst().ending()).isEqualTo(Ending.FAULT);
    }

    @Test
    void whoReadsItWhileItGrowsGetsTheRest() throws Exception {
        var id = broken("sim-long", "sim_tokens", "60", "sim_token_ms", "5");

        var events = eventsOf(get(id, "?stream=true&starting_after=5"));

        assertThat(events.getFirst().path("sequence_number").asLong()).isEqualTo(6);
        assertThat(events.getLast().path("type").asText()).isEqualTo("response.completed");
    }

    @Test
    void whatItUsedIsCountedOnceHoweverOftenItIsRead() throws Exception {
        var id = idOf(client.events(background("sim-answer")));
        var usage = simulator.reportedUsage();
        assertThat(usage).isNotEqualTo(SimulatedUsage.NONE);

        var _ = get(id, "?stream=true");
        var _ = get(id, "?stream=true&starting_after=3");

        assertThat(simulator.reportedUsage()).isEqualTo(usage);
    }

    @Test
    void everyReadingIsAnAttemptThatFaultsCount() throws Exception {
        var id =
                broken(
                        "sim-answer",
                        "sim_series",
                        "twice"); // and the next, since the series says so
        simulator.failNext(new SimulatedFault.Status(503, Optional.of("1")), 1);

        var refused = client.request("GET", "/v1/responses/" + id + "?stream=true");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(eventsOf(get(id, "?stream=true")).getLast().path("type").asText())
                .isEqualTo("response.completed");
    }

    @Test
    void aCancelledOneIsGeneratedNoFurtherAndCountsNothing() throws Exception {
        var id = broken("sim-long", "sim_tokens", "4000", "sim_token_ms", "20");

        var answer = client.request("POST", "/v1/responses/" + id + "/cancel");
        var events = eventsOf(get(id, "?stream=true"));

        assertThat(statusOf(answer.body())).isEqualTo("cancelled");
        assertThat(events)
                .noneMatch(event -> event.path("type").asText().equals("response.completed"));
        assertThat(status("POST", id + "/cancel")).isEqualTo(200);
        assertThat(simulator.reportedUsage()).isEqualTo(SimulatedUsage.NONE);
    }

    @Test
    void cancellingWhatHasEndedChangesNothing() throws Exception {
        var id = idOf(client.events(background("sim-answer")));

        var answer = client.request("POST", "/v1/responses/" + id + "/cancel");

        assertThat(statusOf(answer.body())).isEqualTo("completed");
    }

    @Test
    void withoutStreamingItAnswersAtOnceAndIsAskedFor() throws Exception {
        var answer =
                SimulatorClient.JSON.readTree(
                        client.post(
                                        whole("sim-answer", "sim_ttft_ms", "300")
                                                .put("background", true))
                                .body());
        var id = answer.path("id").asText();

        assertThat(answer.path("status").asText()).isEqualTo("queued");
        assertThat(status("GET", id + "?stream=true")).isEqualTo(400);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(statusOf(get(id, ""))).isEqualTo("completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "9999999999"})
    void aPlaceThatIsNoNumberIsRefused(String after) throws Exception {
        var id = idOf(client.events(background("sim-answer")));

        assertThat(status("GET", id + "?stream=true&starting_after=" + after)).isEqualTo(400);
    }

    @Test
    void whatIsNotStoredIsNotFound() throws Exception {
        var plain = idOf(client.events(streaming("sim-answer")));
        var forgotten = idOf(client.events(background("sim-answer")));
        simulator.forgetResponses();

        assertThat(status("GET", plain + "?stream=true")).isEqualTo(404);
        assertThat(status("GET", forgotten)).isEqualTo(404);
        assertThat(status("POST", forgotten + "/cancel")).isEqualTo(404);
        assertThat(status("DELETE", forgotten)).isEqualTo(405);
    }

    @Test
    void itHasToBeStored() throws Exception {
        var answer = client.post(background("sim-answer").put("store", false));

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void theOldestIsForgottenWhenThereAreTooMany() throws Exception {
        restart(Limits.DEFAULT.withStored(2, 1 << 20));
        var oldest = idOf(client.events(background("sim-answer")));
        var older = idOf(client.events(background("sim-answer")));
        var newest = idOf(client.events(background("sim-answer")));

        assertThat(status("GET", oldest)).isEqualTo(404);
        assertThat(status("GET", older)).isEqualTo(200);
        assertThat(status("GET", newest)).isEqualTo(200);
    }

    @Test
    void oneThatOutgrowsTheStoreEndsUnfinished() throws Exception {
        restart(Limits.DEFAULT.withStored(2, 20_000));

        var events =
                client.events(background("sim-long", "sim_tokens", "5000", "sim_token_ms", "1"));

        assertThat(events).isNotEmpty();
        assertThat(events.getLast().path("type").asText()).isNotEqualTo("response.completed");
        assertThat(status("GET", idOf(events))).isEqualTo(404);
    }

    private static String statusOf(String body) throws IOException {
        return SimulatorClient.JSON.readTree(body).path("status").asText();
    }
}
