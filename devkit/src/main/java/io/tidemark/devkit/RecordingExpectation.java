package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/**
 * What a recording's {@code .expected.json} says must come out of it, compared with the JSON of a
 * folded response. Knows nothing but the two trees, so it serves wherever a response can be had.
 * Stateless.
 */
public final class RecordingExpectation {
    private RecordingExpectation() {}

    /**
     * Every difference, in words; empty if there is none.
     *
     * @param expected the {@code .expected.json} of a recording
     * @param response the JSON of the response, as {@code GET /v1/streams/{id}} answers it
     * @throws IllegalArgumentException if there is no comparison for the API it was recorded from
     */
    public static List<String> differences(JsonNode expected, JsonNode response) {
        var expectation = of(expected, response);
        expectation.compare();
        return expectation.differences();
    }

    private static Expectation of(JsonNode expected, JsonNode response) {
        var api = expected.path("api").asText();
        return switch (api) {
            case "anthropic" -> new AnthropicExpectation(expected, response);
            case "chat" -> new ChatExpectation(expected, response);
            case "gemini" -> new GeminiExpectation(expected, response);
            case "responses" -> new ResponsesExpectation(expected, response);
            case "transcriptions" -> new TranscriptionExpectation(expected, response);
            default -> throw new IllegalArgumentException("no comparison for the API " + api);
        };
    }
}
