package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.stream.Collectors;

/**
 * The one JSON configuration of the contract: absent means absent, unknown fields are ignored,
 * numbers keep the digits they came with, and error messages never quote the source.
 */
final class Json {
    /** Longest single string accepted, in characters: a whole image in base64 has to fit. */
    static final int STRING_CHARS_MAX = 64 * 1024 * 1024;

    static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(STRING_CHARS_MAX)
                                                    .maxNestingDepth(200)
                                                    .build())
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private Json() {}

    /** The object these bytes hold. */
    static ObjectNode object(byte[] json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new MalformedRecordException("value", "not JSON", null);
        }
        throw new MalformedRecordException("value", "not a JSON object", null);
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getSimpleName(), e);
        }
    }

    static <T> T read(ObjectNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw new MalformedRecordException(pathOf(e), problemOf(e), null);
        } catch (JsonProcessingException e) {
            throw new MalformedRecordException("value", "not readable", null);
        }
    }

    private static String pathOf(JsonMappingException e) {
        var path =
                e.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : step.getFieldName())
                        .collect(Collectors.joining("."));
        return path.isEmpty() ? "value" : path;
    }

    /* Our own constructors say what is wrong without quoting contents; Jackson's messages may quote. */
    private static String problemOf(JsonMappingException e) {
        return switch (e.getCause()) {
            case IllegalArgumentException ours -> String.valueOf(ours.getMessage());
            case NullPointerException ours -> ours.getMessage() + " is missing";
            case null, default -> "has a wrong type or value";
        };
    }
}
