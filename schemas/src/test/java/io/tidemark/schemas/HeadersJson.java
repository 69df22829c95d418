package io.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.common.header.Headers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The headers of a record as their schema reads them: what stands in bytes, told as JSON. */
final class HeadersJson {
    private HeadersJson() {}

    /** The headers; one that the schema does not know is told as text. */
    static ObjectNode of(Headers headers, ShippedSchema schema) {
        var json = Json.MAPPER.createObjectNode();
        for (var header : headers) {
            var declared = schema.json().path("properties").path(header.key());
            var value = ByteBuffer.wrap(header.value());
            switch (encodingOf(declared)) {
                case "int32" -> json.put(header.key(), bytes(value, 4).getInt());
                case "int64" -> json.put(header.key(), bytes(value, 8).getLong());
                case "boolean" -> json.put(header.key(), bytes(value, 0).remaining() == 0);
                default -> json.put(header.key(), StandardCharsets.UTF_8.decode(value).toString());
            }
        }
        return json;
    }

    private static String encodingOf(JsonNode declared) {
        return declared.has("format")
                ? declared.get("format").asText()
                : declared.path("type").asText();
    }

    private static ByteBuffer bytes(ByteBuffer value, int length) {
        if (value.remaining() != length) {
            throw new AssertionError(
                    "a header has %d bytes, and its schema says %d"
                            .formatted(value.remaining(), length));
        }
        return value;
    }
}
