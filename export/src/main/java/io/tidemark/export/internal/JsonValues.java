package io.tidemark.export.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The values of records as JSON: as long as a record may be, and as deep as the contract goes. */
final class JsonValues {
    private static final int DEPTH_MAX = 1_000;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private JsonValues() {}

    /** The object that a value is; null if it is not one JSON object. */
    static @Nullable ObjectNode object(byte[] value) {
        try {
            return MAPPER.readTree(value) instanceof ObjectNode object ? object : null;
        } catch (IOException _) {
            return null;
        }
    }

    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }
}
