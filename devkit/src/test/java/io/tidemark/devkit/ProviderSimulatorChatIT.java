package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatedApi.CHAT;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The wire of {@code POST /v1/chat/completions}. */
class ProviderSimulatorChatIT {

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sim-answer, stop",
        "sim-unicode, stop",
        "sim-reasoning, stop",
        "sim-tool, tool_calls",
        "sim-refusal, stop",
        "sim-max-tokens, length",
        "sim-filter, content_filter",
        "sim-long, stop",
        "sim-clock, stop",
        "gpt-5, stop"
    })
    void everyStreamIsOneCompletionWithOneFinishAndDone(String model, String finish)
            throws Exception {
        var body = client.post(CHAT, model).body();

        assertThat(body).endsWith("data: [DONE]\n\n").containsOnlyOnce("[DONE]\n\n");
        var chunks = chunks(body);
        assertThat(chunks)
                .allSatisfy(chunk -> {
                    assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
                    assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
                    assertThat(chunk.path("model").asText()).isEqualTo(model);
                    assertThat(chunk.path("choices")).hasSize(1);
                    assertThat(chunk.has("usage")).isFalse();
                });
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.stream().filter(chunk -> !finishOf(chunk, 0).isEmpty()))
                .containsExactly(chunks.getLast());
        assertThat(finishOf(chunks.getLast(), 0)).isEqualTo(finish);
    }

    @Test
    void contentIsTheAnswerPieceByPiece() throws Exception {
        var chunks = chunks(client.post(CHAT, "sim-answer").body());

        assertThat(joined(chunks, "content", 0)).contains(SimulatedApi.PROMPT).contains("tide");
        assertThat(chunks).hasSizeGreaterThan(50);
    }

    @Test
    void unicodeComesApartBetweenCodePointsButNeverInside() throws Exception {
        var chunks = chunks(client.post(CHAT, "sim-unicode").body());

        var deltas = deltas(chunks, "content", 0);
        assertThat(deltas.stream().skip(1))
                .allMatch(delta -> delta.codePointCount(0, delta.length()) == 1)
                .contains("\u200d", "\u2028", "\n", "𝔘");
    }

    @Test
    void thoughtsStandInReasoningContentBeforeTheContent() throws Exception {
        var chunks = chunks(client.post(CHAT, "sim-reasoning").body());

        assertThat(joined(chunks, "reasoning_content", 0))
                .startsWith("**Looking at the question**")
                .contains("\n\n**Choosing the answer**");
        var lastThought = lastIndexWith(chunks, "reasoning_content");
        assertThat(joined(chunks.subList(0, lastThought + 1), "content", 0)).isEmpty();
        assertThat(joined(chunks, "content", 0)).contains("tide");
    }

    @Test
    void aCallNamesItselfOnceAndItsArgumentsComeInFragments() throws Exception {
        var body = CHAT.streaming("sim-tool");
        body.putArray("tools")
                .addObject()
                .put("type", "function")
                .putObject("function")
                .put("name", "look_up");

        var chunks = chunks(client.send(CHAT, body, "sim-tool").body());

        var calls = calls(chunks);
        assertThat(calls.getFirst().at("/function/name").asText()).isEqualTo("look_up");
        assertThat(calls.getFirst().path("id").asText()).startsWith("call_");
        assertThat(calls).hasSizeGreaterThan(5).allMatch(call -> call.path("index").asInt() == 0);
        assertThat(calls.stream().skip(1)).noneMatch(call -> call.has("id"));
        var arguments =
                calls.stream()
                        .map(call -> call.at("/function/arguments").asText())
                        .collect(Collectors.joining());
        assertThat(SimulatorClient.JSON.readTree(arguments).path("city").asText())
                .isEqualTo("Reykjavík");
    }

    @Test
    void aRefusalIsNoContent() throws Exception {
        var chunks = chunks(client.post(CHAT, "sim-refusal").body());

        assertThat(joined(chunks, "refusal", 0)).startsWith("I'm sorry");
        assertThat(joined(chunks, "content", 0)).isEmpty();
    }

    @Test
    void usageComesLastWithoutChoicesOnlyWhenAskedFor() throws Exception {
        var chunks = chunks(client.send(CHAT, withUsage("sim-reasoning"), "sim-reasoning").body());

        assertThat(chunks.getLast().path("choices")).isEmpty();
        var usage = chunks.getLast().path("usage");
        assertThat(usage.at("/completion_tokens_details/reasoning_tokens").asInt()).isPositive();
        assertThat(usage.path("completion_tokens").asInt())
                .isEqualTo(
                        deltas(chunks, "content", 0).size()
                                + deltas(chunks, "reasoning_content", 0).size()
                                - 1);
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.has("usage") && chunk.get("usage").isNull());
    }

    @Test
    void onlyReportedUsageCounts() throws Exception {
        client.post(CHAT, "sim-answer");
        client.send(CHAT, withUsage("sim-answer").put("n", 2), "sim-answer");
        simulator.awaitClosed(2, Duration.ofSeconds(10));

        assertThat(simulator.reportedUsage().responses()).isEqualTo(1);
    }

    @Test
    void severalChoicesAreToldInTurnsAndEachFinishes() throws Exception {
        var body = withUsage("sim-tool").put("n", 3);

        var chunks = chunks(client.send(CHAT, body, "sim-tool").body());

        var ids = calls(chunks).stream().filter(call -> call.has("id")).map(c -> c.get("id"));
        assertThat(ids.distinct()).hasSize(3);
        for (var choice = 0; choice < 3; choice++) {
            var index = choice;
            assertThat(chunks.stream().map(chunk -> finishOf(chunk, index)))
                    .containsOnlyOnce("tool_calls");
        }
        assertThat(chunks.getLast().at("/usage/completion_tokens").asInt() % 3).isZero();
    }

    @Test
    void aFailureIsAnErrorChunkAndTheEnd() throws Exception {
        var body = client.post(CHAT, "sim-fail").body();

        var chunks = chunks(body);
        assertThat(joined(chunks, "content", 0)).isNotEmpty();
        assertThat(chunks.getLast().at("/error/code").asText()).isEqualTo("server_error");
        assertThat(chunks.stream().map(chunk -> finishOf(chunk, 0))).containsOnly("");
        assertThat(body).doesNotContain("[DONE]");
    }

    @Test
    void theCallersOwnTokenLimitIsKept() throws Exception {
        for (var field : List.of("max_tokens", "max_completion_tokens")) {
            var body = CHAT.streaming("sim-answer").put(field, 5);

            var chunks = chunks(client.send(CHAT, body, "sim-answer").body());

            assertThat(finishOf(chunks.getLast(), 0)).isEqualTo("length");
            assertThat(deltas(chunks, "content", 0)).hasSize(6);
        }
    }

    @Test
    void theClocksTokensAreTheTimesAtWhichTheyWereSent() throws Exception {
        var before = System.nanoTime();

        var chunks = chunks(client.post(CHAT, "sim-clock", "sim_tokens", "4").body());

        var times = joined(chunks, "content", 0).trim().split(" ", -1);
        assertThat(times).hasSize(4).isSorted();
        assertThat(Long.parseLong(times[0])).isBetween(before, System.nanoTime());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim-answer", "sim-reasoning", "sim-refusal", "sim-tool", "sim-clock"})
    void withoutStreamTheSameComesInOne(String model) throws Exception {
        var body = CHAT.streaming(model).put("n", 2);
        body.remove("stream");

        var answer = client.send(CHAT, body, model);

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        var json = SimulatorClient.JSON.readTree(answer.body());
        assertThat(json.path("object").asText()).isEqualTo("chat.completion");
        assertThat(json.path("choices")).hasSize(2);
        assertThat(json.at("/usage/total_tokens").asInt()).isPositive();
        var message = json.at("/choices/1/message");
        var said = chunks(client.post(CHAT, model).body());
        for (var field : List.of("content", "refusal", "reasoning_content")) {
            if (!model.equals("sim-clock")) {
                assertThat(message.path(field).asText("")).isEqualTo(joined(said, field, 0));
            }
        }
        assertThat(message.path("tool_calls")).hasSize(model.equals("sim-tool") ? 1 : 0);
        assertThat(message.path("content").asText("").split(" "))
                .hasSizeGreaterThan(model.equals("sim-clock") ? 999 : 0);
    }

    @Test
    void withoutStreamAFailureIsAnErrorStatus() throws Exception {
        var body = CHAT.streaming("sim-fail").put("stream", false);

        var answer = client.send(CHAT, body, "sim-fail");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(SimulatorClient.JSON.readTree(answer.body()).at("/error/type").asText())
                .isEqualTo("server_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[{}]}                            | model",
                "{\"model\":\"m\"}                              | messages",
                "{\"model\":\"m\",\"messages\":[]}              | messages",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":0}    | n",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":129}  | n",
                "{\"model\":\"m\",\"messages\":[{}],\"metadata\":{\"sim_tokens\":\"x\"}} | metadata.sim_tokens"
            })
    void badBodiesAreRefusedWithTheParameterAtFault(String body, String parameter)
            throws Exception {
        var answer = client.postTo("/v1/chat/completions", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(SimulatorClient.JSON.readTree(answer.body()).at("/error/param").asText())
                .isEqualTo(parameter);
    }

    private static ObjectNode withUsage(String model) {
        var body = CHAT.streaming(model);
        body.putObject("stream_options").put("include_usage", true);
        return body;
    }

    private static List<JsonNode> chunks(String body) throws Exception {
        return SimulatorClient.dataOf(body, "\n");
    }

    private static String finishOf(JsonNode chunk, int index) {
        for (var choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == index) {
                return choice.path("finish_reason").asText("");
            }
        }
        return "";
    }

    private static List<String> deltas(List<JsonNode> chunks, String field, int index) {
        return chunks.stream()
                .map(chunk -> chunk.at("/choices/0"))
                .filter(choice -> choice.path("index").asInt(-1) == index)
                .map(choice -> choice.path("delta").path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .toList();
    }

    private static String joined(List<JsonNode> chunks, String field, int index) {
        return String.join("", deltas(chunks, field, index));
    }

    private static int lastIndexWith(List<JsonNode> chunks, String field) {
        var last = -1;
        for (var i = 0; i < chunks.size(); i++) {
            last = chunks.get(i).at("/choices/0/delta").has(field) ? i : last;
        }
        return last;
    }

    private static List<JsonNode> calls(List<JsonNode> chunks) {
        return chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0"))
                .filter(JsonNode::isObject)
                .toList();
    }
}
