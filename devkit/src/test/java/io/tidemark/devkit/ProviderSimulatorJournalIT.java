package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class ProviderSimulatorJournalIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void hasALineForEachAnswerThatReportedWhatItUsed() throws Exception {
        var told = List.<JsonNode>of();
        try (var simulator = simulator();
                var client = new SimulatorClient(simulator)) {
            told =
                    List.of(
                            client.events(streaming("sim-long", "sim_tokens", "7")).getLast(),
                            client.events(streaming("sim-reasoning", "sim_tokens", "3")).getLast());
            simulator.awaitClosed(2, SOON);
        }

        assertThat(told).extracting(it -> it.at("/response/id").asText()).doesNotContain("");
        assertThat(journal())
                .isEqualTo(told.stream().map(ProviderSimulatorJournalIT::line).toList());
    }

    @Test
    void knowsNothingOfAnswersThatBrokeOffOrFailed() throws Exception {
        try (var simulator = simulator();
                var client = new SimulatorClient(simulator)) {
            var _ =
                    client.post(
                            streaming(
                                    "sim-long",
                                    "sim_fault",
                                    "eof",
                                    "sim_fault_after_bytes",
                                    "4000"));
            var _ = client.events(streaming("sim-fail"));
        }

        assertThat(journal()).isEmpty();
    }

    @Test
    void goesOnWhereTheOneBeforeHasEnded() throws Exception {
        for (int life = 0; life < 2; life++) {
            try (var simulator = simulator();
                    var client = new SimulatorClient(simulator)) {
                var _ = client.events(streaming("sim-answer"));
                simulator.awaitClosed(1, SOON);
            }
        }

        assertThat(journal()).hasSize(2);
    }

    private ProviderSimulator simulator() {
        return ProviderSimulator.start(
                ProviderSimulatorConfig.DEFAULT.withJournal(directory.resolve("journal")));
    }

    private List<JsonNode> journal() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(directory.resolve("journal"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static JsonNode line(JsonNode terminal) {
        var response = terminal.path("response");
        return new ObjectMapper()
                .createObjectNode()
                .put("answerId", response.path("id").asText())
                .put("inputTokens", response.at("/usage/input_tokens").asInt())
                .put("outputTokens", response.at("/usage/output_tokens").asInt())
                .put(
                        "reasoningTokens",
                        response.at("/usage/output_tokens_details/reasoning_tokens").asInt());
    }
}
