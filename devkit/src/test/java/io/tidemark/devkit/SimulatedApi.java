package io.tidemark.devkit;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** The APIs of the simulator as their clients see them, and the smallest requests of each. */
enum SimulatedApi {
    RESPONSES("/v1/responses", "metadata", "x-request-id"),
    CHAT("/v1/chat/completions", "metadata", "x-request-id"),
    MESSAGES("/v1/messages", "metadata", "request-id"),
    GEMINI("/v1beta/models/%s:streamGenerateContent?alt=sse", "labels", "x-request-id"),
    GEMINI_ARRAY("/v1beta/models/%s:streamGenerateContent", "labels", "x-request-id"),
    TRANSCRIPTIONS("/v1/audio/transcriptions", "metadata", "x-request-id");

    static final String PROMPT = "Why is the sea salt?";

    private final String target;
    private final String metadata;
    private final String requestIdHeader;

    SimulatedApi(String target, String metadata, String requestIdHeader) {
        this.target = target;
        this.metadata = metadata;
        this.requestIdHeader = requestIdHeader;
    }

    /** Path and query. */
    String target(String model) {
        return target.formatted(URLEncoder.encode(model, StandardCharsets.UTF_8));
    }

    /** Where what is asked of the simulator stands. */
    String metadata() {
        return metadata;
    }

    String requestIdHeader() {
        return requestIdHeader;
    }

    boolean isGemini() {
        return this == GEMINI || this == GEMINI_ARRAY;
    }

    /** Key and version, as pairs of name and value. */
    String[] headers() {
        return switch (this) {
            case RESPONSES, CHAT, TRANSCRIPTIONS ->
                    new String[] {"authorization", "Bearer test-key"};
            case MESSAGES ->
                    new String[] {"x-api-key", "test-key", "anthropic-version", "2023-06-01"};
            case GEMINI, GEMINI_ARRAY -> new String[] {"x-goog-api-key", "test-key"};
        };
    }

    /** A request for a stream, with metadata from pairs of key and value. */
    ObjectNode streaming(String model, String... entries) {
        var body = isGemini() ? body() : body().put("model", model).put("stream", true);
        for (var i = 0; i < entries.length; i += 2) {
            body.withObject("/" + metadata).put(entries[i], entries[i + 1]);
        }
        return body;
    }

    private ObjectNode body() {
        var body = SimulatorClient.JSON.createObjectNode();
        switch (this) {
            case RESPONSES -> body.put("input", PROMPT);
            case CHAT -> turn(body, "messages").put("content", PROMPT);
            case MESSAGES -> {
                turn(body, "messages").put("content", PROMPT);
                body.put("max_tokens", 4096);
            }
            case GEMINI, GEMINI_ARRAY ->
                    turn(body, "contents").putArray("parts").addObject().put("text", PROMPT);
            case TRANSCRIPTIONS -> body.put("prompt", PROMPT);
        }
        return body;
    }

    private static ObjectNode turn(ObjectNode body, String turns) {
        return body.putArray(turns).addObject().put("role", "user");
    }

    /** The same request as a raw client sends it: target, and header lines. */
    List<String> headerLines() {
        var headers = headers();
        return IntStream.range(0, headers.length / 2)
                .mapToObj(i -> headers[2 * i] + ": " + headers[2 * i + 1])
                .toList();
    }
}
