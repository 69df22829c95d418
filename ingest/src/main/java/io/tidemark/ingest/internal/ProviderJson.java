package io.tidemark.ingest.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.IngestLimits;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * How JSON from providers is read: bounded in depth and length, numbers with the digits they came
 * with, and a failure is an absence, so that no message can quote what was sent. Also the readers
 * of single fields, which take a field of an unexpected type for an absent one. Thread-safe.
 */
public final class ProviderJson {
    private static final int DEPTH_MAX = 128;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(
                                                            IngestLimits.FRAME_BYTES_CEILING)
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private ProviderJson() {}

    /** The value that the text holds; empty unless it holds exactly one. */
    public static Optional<JsonNode> value(String json) {
        try {
            var node = MAPPER.readTree(json);
            return node instanceof MissingNode ? Optional.empty() : Optional.ofNullable(node);
        } catch (JsonProcessingException | NumberFormatException _) {
            /* The latter is what Jackson says of an exponent beyond all bounds. */
            return Optional.empty();
        }
    }

    /** The object that the text holds; empty unless it holds exactly one. */
    public static Optional<ObjectNode> object(String json) {
        return value(json).map(node -> node instanceof ObjectNode object ? object : null);
    }

    /** The value as JSON text. */
    public static String text(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a tree that was read", e);
        }
    }

    /** A new, empty object. */
    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /** The field's text, which may be empty; absent if it is no text. */
    public static @Nullable String string(JsonNode object, String field) {
        return object.path(field).textValue();
    }

    /** The field's text; absent if it is no text or an empty one. */
    public static @Nullable String word(JsonNode object, String field) {
        var text = object.path(field).textValue();
        return text == null || text.isEmpty() ? null : text;
    }

    /** The field's number; absent if it is no whole number from 0. */
    public static @Nullable Long count(JsonNode object, String field) {
        var node = object.path(field);
        boolean whole = node.isIntegralNumber() && node.canConvertToLong();
        return whole && node.longValue() >= 0 ? node.longValue() : null;
    }

    /** The field's number; absent if it is no whole number that an index can have. */
    public static @Nullable Integer index(JsonNode object, String field) {
        var node = object.path(field);
        boolean whole = node.isIntegralNumber() && node.canConvertToInt();
        return whole && node.intValue() >= 0 ? node.intValue() : null;
    }
}
