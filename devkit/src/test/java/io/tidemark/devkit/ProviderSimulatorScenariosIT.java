package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;
import static io.tidemark.devkit.SimulatorClient.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class ProviderSimulatorScenariosIT {

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sim-answer",
                "sim-unicode",
                "sim-reasoning",
                "sim-tool",
                "sim-refusal",
                "sim-max-tokens",
                "sim-fail",
                "sim-long",
                "sim-clock",
                "gpt-5"
            })
    void everyStreamIsNumberedFromZeroAndEndsWithItsOneTerminal(String model) throws Exception {
        var events = client.events(streaming(model));

        assertThat(events.stream().map(e -> e.path("sequence_number").asInt(-1)))
                .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
        assertThat(types(events)).startsWith("response.created", "response.in_progress");
        assertThat(types(events).stream().filter(ProviderSimulatorScenariosIT::isTerminal))
                .hasSize(1)
                .containsExactly(types(events).getLast());
        assertThat(events.getFirst().at("/response/model").asText()).isEqualTo(model);
        assertThat(events.getLast().at("/response/id"))
                .isEqualTo(events.getFirst().at("/response/id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim-answer", "sim-unicode", "sim-reasoning", "sim-long", "sim-clock"})
    void deltasMakeUpTheTextThatDoneAndTerminalRepeat(String model) throws Exception {
        var events = client.events(streaming(model));

        var text = joined(events, "response.output_text.delta", "delta");
        assertThat(text).isNotEmpty();
        assertThat(joined(events, "response.output_text.done", "text")).isEqualTo(text);
        var message = events.getLast().at("/response/output").get(outputs(events) - 1);
        assertThat(message.at("/content/0/text").asText()).isEqualTo(text);
        assertThat(message.path("status").asText()).isEqualTo("completed");
        assertThat(message).isEqualTo(last(events, "response.output_item.done").path("item"));
    }

    @Test
    void anAnswerRepeatsAPieceOfThePrompt() throws Exception {
        var events = client.events(streaming("sim-answer"));

        assertThat(joined(events, "response.output_text.delta", "delta"))
                .contains("Why is the sea salt?");
        assertThat(tokens(events)).isBetween(50L, 80L);
    }

    @Test
    void unicodeComesApartBetweenCodePointsButNeverInside() throws Exception {
        var events = client.events(streaming("sim-unicode"));

        var deltas =
                events.stream()
                        .filter(e -> e.path("type").asText().equals("response.output_text.delta"))
                        .map(e -> e.path("delta").asText())
                        .toList();
        assertThat(deltas).allMatch(delta -> delta.codePointCount(0, delta.length()) == 1);
        assertThat(deltas).contains("\u200d", "\u0301", "\u2028", "\u0085", "\n", "𝔘", "💻", "🇮");
    }

    @Test
    void reasoningHasSummaryPartsEncryptedContentAndItsOwnTokenCount() throws Exception {
        var events = client.events(streaming("sim-reasoning"));

        var item = events.getLast().at("/response/output/0");
        assertThat(item.path("type").asText()).isEqualTo("reasoning");
        assertThat(item.path("encrypted_content").asText()).startsWith("gAAAA");
        assertThat(item.path("summary")).hasSize(2);
        assertThat(joined(events, "response.reasoning_summary_text.delta", "delta"))
                .isEqualTo(joined(events, "response.reasoning_summary_text.done", "text"))
                .isEqualTo(
                        item.at("/summary/0/text").asText() + item.at("/summary/1/text").asText());
        var usage = events.getLast().at("/response/usage");
        assertThat(usage.at("/output_tokens_details/reasoning_tokens").asLong()).isPositive();
        assertThat(usage.path("output_tokens").asLong()).isEqualTo(tokens(events));
    }

    @Test
    void aToolCallUsesTheCallersToolAndItsArgumentsAreJson() throws Exception {
        var body = streaming("sim-tool");
        body.putArray("tools").addObject().put("type", "function").put("name", "look_up");

        var events = client.events(body);

        var call = events.getLast().at("/response/output/0");
        assertThat(call.path("name").asText()).isEqualTo("look_up");
        assertThat(call.path("call_id").asText()).startsWith("call_");
        var arguments = joined(events, "response.function_call_arguments.delta", "delta");
        assertThat(call.path("arguments").asText()).isEqualTo(arguments);
        assertThat(joined(events, "response.function_call_arguments.done", "arguments"))
                .isEqualTo(arguments);
        assertThat(SimulatorClient.JSON.readTree(arguments).path("city").asText())
                .isEqualTo("Reykjavík");
        assertThat(tokens(events)).isGreaterThan(5);
    }

    @Test
    void aRefusalIsAPartOfItsOwn() throws Exception {
        var events = client.events(streaming("sim-refusal"));

        var part = events.getLast().at("/response/output/0/content/0");
        assertThat(part.path("type").asText()).isEqualTo("refusal");
        assertThat(part.path("refusal").asText())
                .isEqualTo(joined(events, "response.refusal.delta", "delta"))
                .isEqualTo(joined(events, "response.refusal.done", "refusal"));
    }

    @Test
    void maxTokensEndsIncomplete() throws Exception {
        var response = client.events(streaming("sim-max-tokens")).getLast().path("response");

        assertThat(response.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").asText())
                .isEqualTo("max_output_tokens");
        assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/usage/output_tokens").asInt()).isEqualTo(24);
    }

    @Test
    void theCallersOwnTokenLimitIsKept() throws Exception {
        var response =
                client.events(streaming("sim-answer").put("max_output_tokens", 5))
                        .getLast()
                        .path("response");

        assertThat(response.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.path("max_output_tokens").asInt()).isEqualTo(5);
        assertThat(response.at("/usage/output_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void aFailureComesAfterSomeTextAsErrorAndThenFailed() throws Exception {
        var events = client.events(streaming("sim-fail"));

        assertThat(tokens(events)).isPositive();
        assertThat(types(events)).endsWith("error", "response.failed");
        assertThat(events.get(events.size() - 2).path("code").asText()).isEqualTo("server_error");
        assertThat(events.getLast().at("/response/error/code").asText()).isEqualTo("server_error");
        assertThat(events.getLast().at("/response/usage").isNull()).isTrue();
    }

    @Test
    void lengthIsWhatTheRequestSays() throws Exception {
        var events = client.events(streaming("sim-long", "sim_tokens", "2345"));

        assertThat(tokens(events)).isEqualTo(2345);
        assertThat(events.getLast().at("/response/usage/output_tokens").asInt()).isEqualTo(2345);
    }

    @Test
    void theClocksTokensAreTheTimesAtWhichTheyWereSent() throws Exception {
        var before = System.nanoTime();

        var events = client.events(streaming("sim-clock", "sim_tokens", "5"));

        var times =
                joined(events, "response.output_text.delta", "delta")
                        .lines()
                        .flatMap(line -> Stream.of(line.split(" ", -1)))
                        .filter(time -> !time.isEmpty())
                        .map(Long::valueOf)
                        .toList();
        assertThat(times).hasSize(5).isSorted();
        assertThat(times).allMatch(time -> time >= before && time <= System.nanoTime());
    }

    @Test
    void aPunctualClockTellsWhenEachTokenWasDue() throws Exception {
        var request =
                streaming(
                        "sim-clock",
                        "sim_tokens",
                        "5",
                        "sim_token_ms",
                        "3",
                        "sim_punctual",
                        "true");

        var events = client.events(request);

        var times =
                Stream.of(joined(events, "response.output_text.delta", "delta").split(" "))
                        .map(Long::valueOf)
                        .toList();
        long first = times.getFirst();
        assertThat(times)
                .containsExactly(
                        first,
                        first + 3_000_000,
                        first + 6_000_000,
                        first + 9_000_000,
                        first + 12_000_000);
    }

    @Test
    void withoutStreamTheWholeResponseComesAsJson() throws Exception {
        var answer = client.post(whole("sim-answer"));

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        var response = SimulatorClient.JSON.readTree(answer.body());
        assertThat(response.path("object").asText()).isEqualTo("response");
        assertThat(response.path("status").asText()).isEqualTo("completed");
        assertThat(response.at("/output/0/content/0/text").asText()).contains("sea salt");
    }

    @Test
    void theSameSeedGivesTheSameIds() throws Exception {
        try (var other = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
                var otherClient = new SimulatorClient(other);
                var seeded = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withSeed(2));
                var seededClient = new SimulatorClient(seeded)) {
            var id = responseId(client);

            assertThat(responseId(otherClient)).isEqualTo(id).startsWith("resp_").hasSize(53);
            assertThat(responseId(seededClient)).isNotEqualTo(id);
            assertThat(responseId(client)).isNotEqualTo(id);
        }
    }

    @Test
    void pacingDelaysTokensAndChangesNothingElse() throws Exception {
        var body = streaming("sim-answer", "sim_ttft_ms", "40", "sim_token_ms", "2");
        var startNanos = System.nanoTime();

        var events = client.events(body);

        var elapsedMs = (System.nanoTime() - startNanos) / 1_000_000;
        assertThat(elapsedMs).isGreaterThanOrEqualTo(40 + 2 * (tokens(events) - 1));
        assertThat(joined(events, "response.output_text.delta", "delta"))
                .isEqualTo(
                        joined(
                                client.events(streaming("sim-answer")),
                                "response.output_text.delta",
                                "delta"));
    }

    private static String responseId(SimulatorClient client) throws Exception {
        return client.events(streaming("sim-answer")).getFirst().at("/response/id").asText();
    }

    private static boolean isTerminal(String type) {
        return type.equals("response.completed")
                || type.equals("response.incomplete")
                || type.equals("response.failed");
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(e -> e.path("type").asText()).toList();
    }

    private static long tokens(List<JsonNode> events) {
        return types(events).stream().filter(type -> type.endsWith(".delta")).count();
    }

    private static int outputs(List<JsonNode> events) {
        return events.getLast().at("/response/output").size();
    }

    private static JsonNode last(List<JsonNode> events, String type) {
        return events.reversed().stream()
                .filter(e -> e.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String joined(List<JsonNode> events, String type, String field) {
        return events.stream()
                .filter(e -> e.path("type").asText().equals(type))
                .map(e -> Objects.requireNonNull(e.get(field)).asText())
                .collect(Collectors.joining());
    }
}
