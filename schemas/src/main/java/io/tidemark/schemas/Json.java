package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one JSON configuration of the contract: absent means absent, unknown fields are ignored,
 * numbers keep the digits they came with, a value of another type is refused rather than converted,
 * maps are written in the order of their keys, and error messages never quote the source.
 */
final class Json {
    /** Longest single string accepted, in characters: a whole image in base64 has to fit. */
    static final int STRING_CHARS_MAX = 64 * 1024 * 1024;

    /** Deepest nesting, the same for both ways: what could not be read back is not written. */
    static final int DEPTH_MAX = 200;

    /** The same for results, which hold what an event holds some levels further down. */
    static final int RESULT_DEPTH_MAX = DEPTH_MAX + 10;

    /** For events and commands. */
    static final ObjectMapper MAPPER = mapper(DEPTH_MAX);

    /** For responses and ledger rows. */
    static final ObjectMapper RESULTS = mapper(RESULT_DEPTH_MAX);

    private Json() {}

    private static ObjectMapper mapper(int depthMax) {
        return JsonMapper.builder(factory(depthMax))
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(
                                JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, Json::refuseScalars)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    private static JsonFactory factory(int depthMax) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxStringLength(STRING_CHARS_MAX)
                                .maxNestingDepth(depthMax)
                                .build())
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(depthMax).build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    private static void refuseScalars(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /** The object these bytes hold. */
    static ObjectNode object(byte[] json) {
        return object(MAPPER, json);
    }

    /** The object these bytes hold, to a mapper's depth. */
    static ObjectNode object(ObjectMapper mapper, byte[] json) {
        try {
            if (mapper.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new MalformedRecordException("value", "not JSON", null);
        }
        throw new MalformedRecordException("value", "not a JSON object", null);
    }

    static byte[] bytes(Object value) {
        return bytes(MAPPER, value);
    }

    static byte[] bytes(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsBytes(value);
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
        var steps = e.getPath().stream().map(Json::nameOf);
        var path = Stream.concat(steps, blamed(e)).collect(Collectors.joining("."));
        return path.isEmpty() ? "value" : path;
    }

    /* Jackson's path ends at the object whose constructor refused. */
    private static Stream<String> blamed(JsonMappingException e) {
        return e.getCause() instanceof FieldException ours
                ? Stream.of(ours.field())
                : Stream.empty();
    }

    /* A field of ours has a name to tell; a map's key is somebody's data. */
    private static String nameOf(JsonMappingException.Reference step) {
        if (step.getFrom() instanceof Map) {
            return "*";
        }
        return step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName();
    }

    /* Our own constructors say what is wrong without quoting contents; Jackson's messages may quote. */
    private static String problemOf(JsonMappingException e) {
        return switch (e.getCause()) {
            case FieldException ours -> ours.problem();
            case IllegalArgumentException ours -> String.valueOf(ours.getMessage());
            case NullPointerException ours -> ours.getMessage() + " is missing";
            case null, default -> "has a wrong type or value";
        };
    }
}
