package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatedApi.MESSAGES;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The wire of {@code POST /v1/messages}. */
class ProviderSimulatorMessagesIT {

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withKeyRequired(true));
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sim-answer, end_turn",
        "sim-unicode, end_turn",
        "sim-reasoning, end_turn",
        "sim-tool, tool_use",
        "sim-refusal, refusal",
        "sim-max-tokens, max_tokens",
        "sim-filter, refusal",
        "sim-long, end_turn",
        "sim-clock, end_turn",
        "claude-sonnet-4-6, end_turn"
    })
    void everyStreamIsOneMessageOfBlocksInOrderAndStopsOnce(String model, String stopReason)
            throws Exception {
        var events = events(model);

        assertThat(types(events))
                .startsWith("message_start", "content_block_start", "ping")
                .endsWith("content_block_stop", "message_delta", "message_stop")
                .containsOnlyOnce("message_start", "message_delta", "message_stop", "ping");
        assertBlocksAreOpenedAndClosedInOrder(events);
        var message = events.getFirst().path("message");
        assertThat(message.path("id").asText()).startsWith("msg_01");
        assertThat(message.path("model").asText()).isEqualTo(model);
        assertThat(message.path("content")).isEmpty();
        assertThat(message.path("stop_reason").isNull()).isTrue();
        assertThat(message.at("/usage/input_tokens").asInt()).isPositive();
        var stop = events.get(events.size() - 2);
        assertThat(stop.at("/delta/stop_reason").asText()).isEqualTo(stopReason);
        assertThat(stop.at("/usage/output_tokens").asLong()).isEqualTo(tokens(events));
    }

    @Test
    void textComesInTextDeltas() throws Exception {
        assertThat(joined(events("sim-answer"), "text_delta", "text"))
                .contains(SimulatedApi.PROMPT)
                .contains("tide");
    }

    @Test
    void thoughtsAreABlockBeforeTheTextThatItsSignatureEnds() throws Exception {
        var events = events("sim-reasoning");

        var starts = ofType(events, "content_block_start");
        assertThat(starts.stream().map(e -> e.at("/content_block/type").asText()))
                .containsExactly("thinking", "text");
        assertThat(joined(events, "thinking_delta", "thinking")).contains("**Choosing the answer");
        assertThat(joined(events, "signature_delta", "signature")).hasSize(240);
        var ofThinking =
                ofType(events, "content_block_delta").stream()
                        .filter(e -> e.path("index").asInt() == 0)
                        .toList();
        assertThat(ofThinking.getLast().at("/delta/type").asText()).isEqualTo("signature_delta");
    }

    @Test
    void aCallUsesTheCallersToolAndItsInputIsJsonInFragments() throws Exception {
        var body = MESSAGES.streaming("sim-tool");
        body.putArray("tools").addObject().put("name", "look_up");

        var events = eventsOf(client.send(MESSAGES, body, "sim-tool"));

        var block = ofType(events, "content_block_start").getFirst().path("content_block");
        assertThat(block.path("type").asText()).isEqualTo("tool_use");
        assertThat(block.path("name").asText()).isEqualTo("look_up");
        assertThat(block.path("id").asText()).startsWith("toolu_01");
        assertThat(block.path("input").isObject()).isTrue();
        assertThat(ofType(events, "content_block_delta")).hasSizeGreaterThan(5);
        var input =
                SimulatorClient.JSON.readTree(joined(events, "input_json_delta", "partial_json"));
        assertThat(input.path("city").asText()).isEqualTo("Reykjavík");
    }

    @Test
    void aFailureIsAnErrorEventAndTheEnd() throws Exception {
        var events = events("sim-fail");

        assertThat(joined(events, "text_delta", "text")).isNotEmpty();
        assertThat(types(events)).doesNotContain("message_stop", "content_block_stop");
        var error = events.getLast();
        assertThat(error.path("type").asText()).isEqualTo("error");
        assertThat(error.at("/error/type").asText()).isEqualTo("api_error");
        assertThat(error.path("request_id").asText()).isEqualTo("req_sim_1");
    }

    @Test
    void theCallersOwnTokenLimitIsKept() throws Exception {
        var body = MESSAGES.streaming("sim-answer").put("max_tokens", 5);

        var events = eventsOf(client.send(MESSAGES, body, "sim-answer"));

        assertThat(tokens(events)).isEqualTo(5);
        assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
                .isEqualTo("max_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "sim-answer, end_turn, text",
        "sim-reasoning, end_turn, thinking",
        "sim-tool, tool_use, tool_use",
        "sim-refusal, refusal, text"
    })
    void withoutStreamTheSameComesInOne(String model, String stopReason, String firstBlock)
            throws Exception {
        var body = MESSAGES.streaming(model);
        body.remove("stream");

        var message = SimulatorClient.JSON.readTree(client.send(MESSAGES, body, model).body());

        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.path("stop_reason").asText()).isEqualTo(stopReason);
        assertThat(message.at("/content/0/type").asText()).isEqualTo(firstBlock);
        var streamed = events(model);
        var texts =
                message.path("content").valueStream().map(block -> block.path("text").asText(""));
        assertThat(texts.collect(Collectors.joining()))
                .isEqualTo(joined(streamed, "text_delta", "text"));
        assertThat(message.at("/content/0/thinking").asText(""))
                .isEqualTo(joined(streamed, "thinking_delta", "thinking"));
        assertThat(message.at("/usage/output_tokens").asLong()).isEqualTo(tokens(streamed));
    }

    @Test
    void aKeyAVersionAndAMaximumAreRequiredInAnthropicsWords() throws Exception {
        var body = MESSAGES.streaming("sim-answer");
        var noKey = client.postTo("/v1/messages", body.toString(), "anthropic-version", "1");
        assertError(noKey, 401, "authentication_error", "x-api-key");

        var noVersion = client.postTo("/v1/messages", body.toString(), "x-api-key", "k");
        assertError(noVersion, 400, "invalid_request_error", "anthropic-version");

        body.remove("max_tokens");
        var noMaximum = client.send(MESSAGES, body, "sim-answer");
        assertError(noMaximum, 400, "invalid_request_error", "max_tokens");

        body.put("max_tokens", "many").remove("messages");
        assertError(
                client.send(MESSAGES, body, "sim-answer"),
                400,
                "invalid_request_error",
                "messages");
    }

    @ParameterizedTest
    @CsvSource({
        "401, authentication_error",
        "403, permission_error",
        "404, not_found_error",
        "429, rate_limit_error",
        "500, api_error",
        "529, overloaded_error"
    })
    void statusesHaveAnthropicsTypes(String status, String type) throws Exception {
        var answer =
                client.post(MESSAGES, "sim-answer", "sim_fault", "status", "sim_status", status);

        assertError(answer, Integer.parseInt(status), type, "");
    }

    @Test
    void otherPathsBelowAreRefusedInAnthropicsWords() throws Exception {
        var answer = client.postTo("/v1/messages/batches", "{}", MESSAGES.headers());

        assertError(answer, 404, "not_found_error", "/v1/messages/batches");
    }

    @Test
    void usageIsReportedAndTheKeyIsNotKept() throws Exception {
        events("sim-answer");

        var request = simulator.awaitClosed(1, Duration.ofSeconds(10));

        assertThat(request.headers()).containsEntry("x-api-key", "[redacted]");
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(simulator.reportedUsage().outputTokens()).isPositive();
    }

    private static void assertError(
            HttpResponse<String> answer, int status, String type, String message) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        var body = SimulatorClient.JSON.readTree(answer.body());
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).contains(message);
        assertThat(body.path("request_id").asText())
                .startsWith("req_sim_")
                .isEqualTo(answer.headers().firstValue("request-id").orElseThrow());
    }

    private static void assertBlocksAreOpenedAndClosedInOrder(List<JsonNode> events) {
        var opened = -1;
        var open = false;
        for (var event : events) {
            var index = event.path("index").asInt(-1);
            switch (event.path("type").asText()) {
                case "content_block_start" -> {
                    assertThat(open).isFalse();
                    assertThat(index).isEqualTo(++opened);
                    open = true;
                }
                case "content_block_delta" -> assertThat(open && index == opened).isTrue();
                case "content_block_stop" -> {
                    assertThat(open && index == opened).isTrue();
                    open = false;
                }
                default -> assertThat(index).isEqualTo(-1);
            }
        }
        assertThat(open).isFalse();
    }

    private List<JsonNode> events(String model) throws Exception {
        return eventsOf(client.post(MESSAGES, model));
    }

    private static List<JsonNode> eventsOf(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("text/event-stream; charset=utf-8");
        return SimulatorClient.eventsOf(answer.body());
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private static List<JsonNode> ofType(List<JsonNode> events, String type) {
        return events.stream().filter(e -> e.path("type").asText().equals(type)).toList();
    }

    /** Deltas that bring a token: not the signature, and not the empty piece a call begins with. */
    private static long tokens(List<JsonNode> events) {
        return ofType(events, "content_block_delta").stream()
                .filter(e -> !e.at("/delta/type").asText().equals("signature_delta"))
                .filter(e -> !e.at("/delta/partial_json").asText("-").isEmpty())
                .count();
    }

    private static String joined(List<JsonNode> events, String deltaType, String field) {
        return ofType(events, "content_block_delta").stream()
                .map(event -> event.path("delta"))
                .filter(delta -> delta.path("type").asText().equals(deltaType))
                .map(delta -> delta.path(field).asText())
                .collect(Collectors.joining());
    }
}
