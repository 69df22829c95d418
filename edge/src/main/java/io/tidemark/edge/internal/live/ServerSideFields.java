package io.tidemark.edge.internal.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Fields that stay on the server's side: {@code encryptedContent} and {@code signature} of {@code
 * item.completed}, and {@code signature} of {@code tool.call}.
 *
 * <p>They are cut out of the JSON's bytes, each with the comma before it; every other byte stays as
 * the writer wrote it, so what a reader gets for a record never changes. A value of these types
 * that is not a JSON object is withheld whole, since what it holds cannot be told. Stateless;
 * thread-safe.
 */
final class ServerSideFields {
    private static final Set<String> NAMES = Set.of("encryptedContent", "signature");
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private ServerSideFields() {}

    /** The record's value without these fields; the value itself where there is none. */
    static byte[] cut(EventRecord.Entry entry) {
        var type = entry.headers().type();
        if (!type.equals(EventType.ITEM_COMPLETED.wire())
                && !type.equals(EventType.TOOL_CALL.wire())) {
            return entry.value();
        }
        try {
            return cut(entry.value());
        } catch (IOException e) {
            return withheld(entry);
        }
    }

    private static byte[] cut(byte[] value) throws IOException {
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            var kept = new ByteArrayOutputStream(value.length);
            int keptTo = 0;
            int fieldEnd = end(json);
            boolean first = true;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                int fieldStart = (int) json.currentTokenLocation().getByteOffset();
                boolean serverSide = NAMES.contains(json.currentName());
                int previousEnd = fieldEnd;
                json.nextToken();
                json.skipChildren();
                json.finishToken();
                fieldEnd = end(json);
                if (serverSide) {
                    /* The first field has no comma before it, so the one behind it goes. */
                    int from = first ? fieldStart : previousEnd;
                    kept.write(value, keptTo, from - keptTo);
                    keptTo = first ? behindComma(value, fieldEnd) : fieldEnd;
                } else {
                    first = false;
                }
            }
            kept.write(value, keptTo, value.length - keptTo);
            return kept.toByteArray();
        }
    }

    private static int end(JsonParser json) {
        return (int) json.currentLocation().getByteOffset();
    }

    private static int behindComma(byte[] value, int from) {
        int at = from;
        while (at < value.length && value[at] != ',' && value[at] != '}') {
            at++;
        }
        return at < value.length && value[at] == ',' ? at + 1 : at;
    }

    private static byte[] withheld(EventRecord.Entry entry) {
        return """
        {"schemaVersion":1,"type":"%s","requestId":"%s","sequence":%d}\
        """
                .formatted(entry.headers().type(), entry.id(), entry.headers().sequence())
                .getBytes(StandardCharsets.UTF_8);
    }
}
