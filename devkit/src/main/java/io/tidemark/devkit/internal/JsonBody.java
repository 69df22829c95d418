package io.tidemark.devkit.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.OptionalInt;

/** Reads what is common to the JSON bodies of all APIs. Stateless. */
final class JsonBody {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private JsonBody() {}

    /**
     * The body as an object.
     *
     * @throws InvalidRequest if it is none
     */
    static ObjectNode object(byte[] body) throws InvalidRequest {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new InvalidRequest(
                    ApiError.badRequest(null, "We could not parse the JSON body."));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidRequest(ApiError.badRequest(null, "The JSON body is not an object."));
    }

    /** JSON that is known to be some. */
    static JsonNode of(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** A field that must be a whole number of at least 1, if it is there. */
    static OptionalInt positive(JsonNode json, String field) throws InvalidRequest {
        var value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw new InvalidRequest(
                    ApiError.badRequest(field, "'" + field + "' must be a positive integer."));
        }
        return OptionalInt.of(value.intValue());
    }

    /** The {@code model}, which every API but Google's has in the body. */
    static String model(JsonNode json) throws InvalidRequest {
        var model = required(json, "model");
        if (!model.isTextual() || model.textValue().isEmpty()) {
            throw new InvalidRequest(ApiError.badRequest("model", "'model' must be a string."));
        }
        return model.textValue();
    }

    /** A field that must be there and not null. */
    static JsonNode required(JsonNode json, String field) throws InvalidRequest {
        var value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new InvalidRequest(ApiError.missing(field));
        }
        return value;
    }

    /** A field that must be a list with something in it. */
    static JsonNode requiredList(JsonNode json, String field) throws InvalidRequest {
        var value = required(json, field);
        if (!value.isArray() || value.isEmpty()) {
            throw new InvalidRequest(
                    ApiError.badRequest(field, "'" + field + "' must be a list, and not empty."));
        }
        return value;
    }

    /** Whether {@code stream} asks for events. */
    static ModelRequest.Form form(JsonNode json) throws InvalidRequest {
        var stream = json.path("stream");
        if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
            throw new InvalidRequest(ApiError.badRequest("stream", "'stream' must be a boolean."));
        }
        return stream.asBoolean() ? ModelRequest.Form.EVENTS : ModelRequest.Form.WHOLE;
    }

    /**
     * The text of the last turn that is the user's.
     *
     * @param turns a list of turns with a {@code role}, the user's if there is none
     * @param content the field that holds what was said, as a string or in parts with a {@code
     *     text}
     */
    static String lastOfUser(JsonNode turns, String content) {
        var said = "";
        for (var turn : turns) {
            if (turn.path("role").asText("user").equals("user")) {
                said = textOf(turn.path(content));
            }
        }
        return said;
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

    /** The first name in a list of tools, at a place in each, or an empty string. */
    static String firstName(JsonNode tools, String pointer) {
        for (var tool : tools) {
            if (tool.at(pointer).isTextual()) {
                return tool.at(pointer).textValue();
            }
        }
        return "";
    }
}
