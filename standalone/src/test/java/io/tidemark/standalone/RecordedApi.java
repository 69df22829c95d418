package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.Recording;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An API that streams were recorded from, and how a recording of it is asked for. */
enum RecordedApi {
    RESPONSES("responses", "openai.responses") {
        @Override
        ObjectNode request(String model, Map<String, String> directives) {
            var request = JSON.createObjectNode().put("model", model).put("input", "as recorded");
            return with(request, "metadata", directives);
        }
    },
    CHAT("chat", "openai.chat") {
        @Override
        ObjectNode request(String model, Map<String, String> directives) {
            var request = JSON.createObjectNode().put("model", model);
            request.putArray("messages").addObject().put("role", "user").put("content", "as is");
            return with(request, "metadata", directives);
        }
    },
    MESSAGES("anthropic", "anthropic.messages") {
        @Override
        ObjectNode request(String model, Map<String, String> directives) {
            var request = JSON.createObjectNode().put("model", model).put("max_tokens", 1024);
            request.putArray("messages").addObject().put("role", "user").put("content", "as is");
            return with(request, "metadata", directives);
        }
    },
    GENERATE("gemini", "google.generate") {
        @Override
        ObjectNode request(String model, Map<String, String> directives) {
            var request = JSON.createObjectNode().put("model", model);
            request.putArray("contents")
                    .addObject()
                    .put("role", "user")
                    .putArray("parts")
                    .addObject()
                    .put("text", "as is");
            return with(request, "labels", directives);
        }
    },
    TRANSCRIPTIONS("transcriptions", "openai.transcriptions") {
        @Override
        ObjectNode request(String model, Map<String, String> directives) {
            var request = JSON.createObjectNode().put("model", model);
            request.putObject("file")
                    .put("filename", "as-is.wav")
                    .put("mimeType", "audio/wav")
                    .put("base64", "UklGRg==");
            directives.forEach(request::put);
            return request;
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    /* What expectations call it. */
    private final String recordedApi;
    private final String api;

    RecordedApi(String recordedApi, String api) {
        this.recordedApi = recordedApi;
        this.api = api;
    }

    /** Every API there are recordings to compare with. */
    static Stream<RecordedApi> all() {
        return Stream.of(values());
    }

    /** Our name of it. */
    String api() {
        return api;
    }

    List<Recording> recordings() {
        return Recording.ofApi(recordedApi);
    }

    /** A request for a model, with directives for the simulator. */
    abstract ObjectNode request(String model, Map<String, String> directives);

    private static ObjectNode with(
            ObjectNode request, String field, Map<String, String> directives) {
        if (!directives.isEmpty()) {
            var entries = request.putObject(field);
            directives.forEach(entries::put);
        }
        return request;
    }
}
