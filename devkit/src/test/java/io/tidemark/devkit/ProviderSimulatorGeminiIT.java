package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatedApi.GEMINI;
import static io.tidemark.devkit.SimulatedApi.GEMINI_ARRAY;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The wire of {@code POST /v1beta/models/MODEL:streamGenerateContent}. */
class ProviderSimulatorGeminiIT {

    private static final String KEYLESS = "/v1beta/models/sim-answer:streamGenerateContent";

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
        "sim-answer, STOP",
        "sim-unicode, STOP",
        "sim-reasoning, STOP",
        "sim-tool, STOP",
        "sim-refusal, SAFETY",
        "sim-max-tokens, MAX_TOKENS",
        "sim-filter, SAFETY",
        "sim-long, STOP",
        "sim-clock, STOP",
        "gemini-2.5-flash, STOP"
    })
    void everyStreamFinishesOnceAndItsUsageOnlyGrows(String model, String finish) throws Exception {
        var chunks = chunks(model);

        assertThat(chunks)
                .allSatisfy(chunk -> {
                    assertThat(chunk.path("modelVersion").asText()).isEqualTo(model);
                    assertThat(chunk.path("responseId"))
                            .isEqualTo(chunks.getFirst().path("responseId"));
                    assertThat(chunk.path("candidates")).hasSize(1);
                });
        assertThat(chunks.subList(0, chunks.size() - 1))
                .noneMatch(chunk -> chunk.at("/candidates/0").has("finishReason"));
        assertThat(chunks.getLast().at("/candidates/0/finishReason").asText()).isEqualTo(finish);
        assertThat(chunks.stream().map(c -> c.at("/usageMetadata/totalTokenCount").asInt()))
                .isSorted();
        var usage = chunks.getLast().path("usageMetadata");
        assertThat(usage.path("totalTokenCount").asInt())
                .isEqualTo(
                        usage.path("promptTokenCount").asInt()
                                + usage.path("candidatesTokenCount").asInt()
                                + usage.path("thoughtsTokenCount").asInt());
    }

    @Test
    void textComesInParts() throws Exception {
        assertThat(text(chunks("sim-answer"), false))
                .contains(SimulatedApi.PROMPT)
                .contains("tide");
    }

    @Test
    void thoughtsAreMarkedCountedApartAndSigned() throws Exception {
        var chunks = chunks("sim-reasoning");

        assertThat(text(chunks, true)).contains("**Choosing the answer**");
        assertThat(text(chunks, false)).contains("tide").doesNotContain("**");
        var usage = chunks.getLast().path("usageMetadata");
        assertThat(usage.path("thoughtsTokenCount").asInt()).isPositive();
        assertThat(usage.path("candidatesTokenCount").asInt()).isPositive();
        assertThat(chunks.getLast().at("/candidates/0/content/parts/0/thoughtSignature").asText())
                .isNotEmpty();
    }

    @Test
    void aCallComesInOnePieceUnderTheCallersName() throws Exception {
        var body = GEMINI.streaming("sim-tool");
        body.putArray("tools")
                .addObject()
                .putArray("functionDeclarations")
                .addObject()
                .put("name", "look_up");

        var chunks = chunksOf(client.send(GEMINI, body, "sim-tool"));

        assertThat(chunks).hasSize(2);
        var call = chunks.getFirst().at("/candidates/0/content/parts/0/functionCall");
        assertThat(call.path("name").asText()).isEqualTo("look_up");
        assertThat(call.at("/args/city").asText()).isEqualTo("Reykjavík");
    }

    @Test
    void whatSafetyStopsSaysWhy() throws Exception {
        var candidate = chunks("sim-refusal").getLast().at("/candidates/0");

        assertThat(candidate.at("/safetyRatings/0/blocked").asBoolean()).isTrue();
        assertThat(candidate.has("content")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim-answer", "sim-unicode", "sim-reasoning", "sim-tool"})
    void withoutSseTheSameChunksAreTheElementsOfOneArray(String model) throws Exception {
        var answer = client.post(GEMINI_ARRAY, model);

        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/json; charset=UTF-8");
        var array = SimulatorClient.JSON.readTree(answer.body());
        assertThat(array.isArray()).isTrue();
        var elements = array.valueStream().toList();
        var chunks = chunks(model);
        assertThat(elements).hasSameSizeAs(chunks);
        assertThat(text(elements, false)).isEqualTo(text(chunks, false));
        assertThat(text(elements, true)).isEqualTo(text(chunks, true));
    }

    @Test
    void theArrayIsSentElementByElement() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(GEMINI_ARRAY, "sim-answer", "sim_tokens", "3");
            raw.readHead();

            var pieces =
                    raw.readChunks().stream()
                            .map(chunk -> new String(chunk, StandardCharsets.UTF_8))
                            .toList();

            assertThat(pieces).hasSize(5);
            assertThat(pieces.getFirst()).startsWith("[{\n").endsWith("}");
            assertThat(pieces.subList(1, 4)).allMatch(piece -> piece.startsWith("\n,\n{\n"));
            assertThat(pieces.getLast()).isEqualTo("\n]\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim-answer", "sim-reasoning", "sim-tool", "sim-refusal"})
    void theWholeCanBeHadInOne(String model) throws Exception {
        var answer =
                client.postTo(
                        "/v1beta/models/" + model + ":generateContent",
                        GEMINI.streaming(model).toString(),
                        GEMINI.headers());

        var response = SimulatorClient.JSON.readTree(answer.body());
        var chunks = chunks(model);
        assertThat(text(List.of(response), false)).isEqualTo(text(chunks, false));
        assertThat(text(List.of(response), true)).isEqualTo(text(chunks, true));
        assertThat(response.path("usageMetadata"))
                .isEqualTo(chunks.getLast().path("usageMetadata"));
        assertThat(response.at("/candidates/0/finishReason"))
                .isEqualTo(chunks.getLast().at("/candidates/0/finishReason"));
    }

    @Test
    void aFailureIsAnErrorChunkAndTheEnd() throws Exception {
        var chunks = chunks("sim-fail");
        var array = SimulatorClient.JSON.readTree(client.post(GEMINI_ARRAY, "sim-fail").body());

        assertThat(text(chunks.subList(0, chunks.size() - 1), false)).isNotEmpty();
        assertThat(chunks.getLast().at("/error/status").asText()).isEqualTo("INTERNAL");
        assertThat(array.get(array.size() - 1)).isEqualTo(chunks.getLast());
    }

    @Test
    void theCallersOwnTokenLimitIsKept() throws Exception {
        var body = GEMINI.streaming("sim-answer");
        body.putObject("generationConfig").put("maxOutputTokens", 5);

        var last = chunksOf(client.send(GEMINI, body, "sim-answer")).getLast();

        assertThat(last.at("/candidates/0/finishReason").asText()).isEqualTo("MAX_TOKENS");
        assertThat(last.at("/usageMetadata/candidatesTokenCount").asInt()).isEqualTo(5);
    }

    @Test
    void theModelIsDecodedAndBothVersionsOfThePathWork() throws Exception {
        for (var target :
                List.of(
                        "/v1beta/models/a%3Ab%2Fc%20+d:streamGenerateContent?alt=sse",
                        "/v1/models/a:b/c%20+d:streamGenerateContent?alt=sse",
                        "/v1/models/a%3Ab%2Fc%20+d%3AstreamGenerateContent?alt=sse")) {
            var answer =
                    client.postTo(target, GEMINI.streaming("").toString(), "x-goog-api-key", "k");

            assertThat(chunksOf(answer).getFirst().path("modelVersion").asText())
                    .isEqualTo("a:b/c +d");
        }
        assertThat(simulator.requests().getFirst().model()).isEqualTo("a:b/c +d");
    }

    @Test
    void aKeyIsRequiredInAHeaderOrTheQuery() throws Exception {
        var body = GEMINI.streaming("sim-answer").toString();

        assertError(client.postTo(KEYLESS, body), 403, "PERMISSION_DENIED");
        assertError(client.postTo(KEYLESS + "?key=", body), 403, "PERMISSION_DENIED");
        assertThat(client.postTo(KEYLESS + "?alt=sse&key=secret", body).statusCode())
                .isEqualTo(200);
        assertThat(simulator.requests().toString()).doesNotContain("secret");
    }

    @Test
    void theKeyIsNotKept() throws Exception {
        chunks("sim-answer");

        assertThat(simulator.awaitClosed(1, Duration.ofSeconds(10)).headers())
                .containsEntry("x-goog-api-key", "[redacted]");
    }

    @Test
    void contentsAreRequiredAndOtherPathsUnknownInGooglesWords() throws Exception {
        assertError(client.postTo(KEYLESS, "{}", GEMINI.headers()), 400, "INVALID_ARGUMENT");
        assertError(
                client.postTo("/v1beta/models/m:countTokens", "{}", GEMINI.headers()),
                404,
                "NOT_FOUND");
        var badLabel = GEMINI.streaming("sim-answer", "sim_tokens", "x");
        assertThat(
                        assertError(
                                client.send(GEMINI, badLabel, "sim-answer"),
                                400,
                                "INVALID_ARGUMENT"))
                .contains("labels.sim_tokens");
    }

    @Test
    void aPathThatCannotBeDecodedIsUnknown() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.send("POST /v1beta/models/%zz:streamGenerateContent HTTP/1.1\r\n\r\n");

            assertThat(raw.readHead()).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"429, RESOURCE_EXHAUSTED", "503, UNAVAILABLE", "500, INTERNAL", "529, UNKNOWN"})
    void statusesHaveGooglesNames(String code, String status) throws Exception {
        assertError(
                client.post(GEMINI, "sim-answer", "sim_fault", "status", "sim_status", code),
                Integer.parseInt(code),
                status);
    }

    private static String assertError(HttpResponse<String> answer, int code, String status)
            throws Exception {
        assertThat(answer.statusCode()).isEqualTo(code);
        var error = SimulatorClient.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("status").asText()).isEqualTo(status);
        assertThat(error.path("message").asText()).isNotEmpty();
        return error.path("message").asText();
    }

    private List<JsonNode> chunks(String model) throws Exception {
        return chunksOf(client.post(GEMINI, model));
    }

    private static List<JsonNode> chunksOf(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        return SimulatorClient.dataOf(answer.body(), "\r\n");
    }

    private static String text(List<JsonNode> responses, boolean thought) {
        return responses.stream()
                .flatMap(r -> r.at("/candidates/0/content/parts").valueStream())
                .filter(part -> part.path("thought").asBoolean() == thought)
                .map(part -> part.path("text").asText(""))
                .collect(Collectors.joining());
    }
}
