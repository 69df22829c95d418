package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The whole system is killed as {@code kill -9} does, and started again on the same directory. */
@HasOwnKafka(because = "it is killed with the node")
class KillIT {
    private static final String DIALECT = "openai.responses";

    @TempDir private Path data;

    @Test
    void whatWasWrittenStaysAndWhatWasOpenEndsOnce() throws Exception {
        try (var simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT)) {
            var interruptedSoFar = new TextAssembly();
            List<ReceivedEvent> finished;
            JsonNode finishedResponse;
            String finishedId;
            String interruptedId;
            String silentId;
            String backgroundId;

            // Given
            var system = SystemProcess.start("standalone", settings(simulator));
            try (var client = new TidemarkClient(system.address())) {
                finishedId = client.start(DIALECT, TestSystem.request("sim-unicode", Map.of()));
                finished = Followed.whole(client, finishedId);
                finishedResponse = client.response(finishedId, finished.size() - 1L);
                interruptedId = client.start(DIALECT, slow());
                silentId = client.start(DIALECT, silentOnce());
                backgroundId = client.start(DIALECT, inBackground());
                Followed.follow(client, backgroundId, new TextAssembly(), 20);
                Followed.follow(client, interruptedId, interruptedSoFar, 30);
                simulator.awaitRequest(
                        request -> request.fault().isPresent(), Duration.ofSeconds(10));
            }

            // When
            system.kill();

            // Then
            try (var restarted = SystemProcess.start("standalone", settings(simulator));
                    var client = new TidemarkClient(restarted.address())) {
                assertThat(Followed.whole(client, finishedId)).isEqualTo(finished);
                assertThat(client.response(finishedId, finished.size() - 1L))
                        .isEqualTo(finishedResponse);

                var seenBefore = interruptedSoFar.events();
                Followed.follow(client, interruptedId, interruptedSoFar, Integer.MAX_VALUE);
                assertEndedOnce(interruptedSoFar.events(), "aborted");
                assertThat(Followed.whole(client, interruptedId))
                        .startsWith(seenBefore.toArray(ReceivedEvent[]::new))
                        .isEqualTo(interruptedSoFar.events());

                var goneOn = new TextAssembly();
                Followed.follow(client, backgroundId, goneOn, Integer.MAX_VALUE);
                assertThat(goneOn.events().getLast().type()).isEqualTo("stream.completed");
                assertThat(goneOn.text()).isEqualTo(undisturbed(client));

                var retried = Followed.whole(client, silentId);
                assertThat(retried.getLast().type()).isEqualTo("stream.completed");
                assertThat(client.response(silentId, retried.size() - 1L).path("attempts").asInt())
                        .isEqualTo(2);
                assertThat(restarted.stop()).isZero();
            }
        }
    }

    private static void assertEndedOnce(List<ReceivedEvent> events, String code) {
        assertThat(events.stream().filter(ReceivedEvent::terminal)).hasSize(1);
        var end = TextAssembly.json(events.getLast());
        assertThat(end.path("code").asText()).isEqualTo(code);
        assertThat(end.path("retryable").asBoolean()).isTrue();
        assertThat(end.path("partial").asBoolean()).isTrue();
    }

    private static String undisturbed(TidemarkClient client) throws Exception {
        var assembly = new TextAssembly();
        Followed.follow(client, client.start(DIALECT, inBackground()), assembly, Integer.MAX_VALUE);
        return assembly.text();
    }

    /* The provider goes on with it, whoever reads. */
    private static ObjectNode inBackground() {
        return TestSystem.request(
                        "sim-long",
                        Map.of("sim_ttft_ms", "0", "sim_token_ms", "20", "sim_tokens", "300"))
                .put("background", true);
    }

    private static ObjectNode slow() {
        return TestSystem.request(
                "sim-long", Map.of("sim_ttft_ms", "0", "sim_token_ms", "50", "sim_tokens", "2000"));
    }

    /* No content before the process dies, so that the provider may be asked again. */
    private static ObjectNode silentOnce() {
        return TestSystem.request(
                "sim-answer", Map.of("sim_fault", "stall", "sim_fault_times", "1"));
    }

    private List<String> settings(ProviderSimulator simulator) {
        return List.of(
                "data-dir=" + data,
                "edge.port=0",
                "providers.openai.base-url=" + simulator.baseUrl());
    }
}
