package io.tidemark.devkit.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;

/**
 * The body of a {@code POST /v1/responses}, checked as far as the simulator cares. Immutable, as
 * long as nobody changes the JSON. Does not show the prompt.
 *
 * @param model what to answer with
 * @param stream whether as a stream
 * @param json the whole body
 */
record ResponsesRequest(String model, boolean stream, ObjectNode json) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** What became of a body: {@code Valid} or {@code Invalid}. */
    sealed interface Parsed {
        /** It can be answered. */
        record Valid(ResponsesRequest request) implements Parsed {}

        /** It is refused. */
        record Invalid(ApiError error) implements Parsed {}
    }

    static Parsed parse(byte[] body) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return invalid(ApiError.badRequest(null, "We could not parse the JSON body."));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return json instanceof ObjectNode object
                ? parse(object)
                : invalid(ApiError.badRequest(null, "The JSON body is not an object."));
    }

    private static Parsed parse(ObjectNode json) {
        var model = json.path("model");
        var input = json.path("input");
        var stream = json.path("stream");
        if (model.isMissingNode() || model.isNull()) {
            return invalid(ApiError.missing("model"));
        }
        if (!model.isTextual() || model.textValue().isEmpty()) {
            return invalid(ApiError.badRequest("model", "'model' must be a string."));
        }
        if (input.isMissingNode() || input.isNull()) {
            return invalid(ApiError.missing("input"));
        }
        if (!input.isTextual() && !input.isArray()) {
            return invalid(ApiError.badRequest("input", "'input' must be a string or a list."));
        }
        if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
            return invalid(ApiError.badRequest("stream", "'stream' must be a boolean."));
        }
        return new Parsed.Valid(new ResponsesRequest(model.textValue(), stream.asBoolean(), json));
    }

    private static Parsed invalid(ApiError error) {
        return new Parsed.Invalid(error);
    }

    /** The text of the last user message, or the whole input when that is a string. */
    String prompt() {
        var input = json.path("input");
        if (input.isTextual()) {
            return input.textValue();
        }
        var prompt = "";
        for (var item : input) {
            if (item.path("role").asText("user").equals("user")) {
                prompt = textOf(item.path("content"));
            }
        }
        return prompt;
    }

    private static String textOf(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        var text = new StringBuilder();
        for (var part : content) {
            text.append(part.path("text").asText(""));
        }
        return text.toString();
    }

    /** {@code max_output_tokens}, or no limit. */
    int outputTokensMax() {
        return json.path("max_output_tokens").asInt(Integer.MAX_VALUE);
    }

    /** The name of the first function among the tools. */
    String toolName(String otherwise) {
        for (var tool : json.path("tools")) {
            if (tool.path("name").isTextual()) {
                return tool.path("name").textValue();
            }
        }
        return otherwise;
    }

    /** An entry of {@code metadata}, or an empty string. */
    String metadata(String key) {
        return json.path("metadata").path(key).asText("");
    }

    @Override
    public String toString() {
        return "ResponsesRequest[model=" + model + ", stream=" + stream + "]";
    }
}
