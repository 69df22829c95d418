package io.tidemark.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.NameTransformer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes and reads the flat JSON of events: one object, on one line, in UTF-8.
 *
 * <p>Encoding is deterministic: the envelope first, then the placement, then the body's fields in
 * the order of its record; absent fields are left out. Decoding ignores fields it does not know and
 * maps what it cannot read to {@link EventBody.Unknown}, so that a log outlives the code that reads
 * it. Thread-safe; stateless.
 */
public final class EventCodec {
    /** The major version of the envelope that this code writes and reads. */
    public static final int SCHEMA_VERSION = 1;

    private static final Map<Class<?>, JsonSerializer<Object>> UNWRAPPED =
            new ConcurrentHashMap<>();

    private EventCodec() {}

    /**
     * The bytes of an event.
     *
     * @throws IllegalArgumentException for {@link EventBody.Unknown}: what this version cannot read
     *     it must not write
     */
    public static byte[] encode(StreamEvent event) {
        if (event.body() instanceof EventBody.Unknown) {
            throw new IllegalArgumentException("an Unknown event is read, never written");
        }
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            var provider = Json.MAPPER.getSerializerProviderInstance();
            json.writeStartObject();
            json.writeNumberField("schemaVersion", SCHEMA_VERSION);
            json.writeStringField("type", event.type());
            json.writeStringField("requestId", event.requestId().toString());
            json.writeNumberField("sequence", event.sequence());
            json.writeNumberField("at", event.at());
            writeFields(event.placement(), json, provider);
            writeFields(event.body(), json, provider);
            if (event.terminal()) {
                json.writeBooleanField("final", true);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeFields(Object record, JsonGenerator json, SerializerProvider provider)
            throws IOException {
        var serializer = UNWRAPPED.get(record.getClass());
        if (serializer == null) {
            serializer =
                    provider.findValueSerializer(record.getClass())
                            .unwrappingSerializer(NameTransformer.NOP);
            UNWRAPPED.put(record.getClass(), serializer);
        }
        serializer.serialize(record, json, provider);
    }

    /**
     * The event these bytes hold.
     *
     * @throws MalformedRecordException if they do not hold the envelope of version 1; a body that
     *     cannot be read is not a fault but {@link EventBody.Unknown}
     */
    public static StreamEvent decode(byte[] json) {
        return decode(Json.object(json));
    }

    /** The event this object holds; see {@link #decode(byte[])}. The tree is not kept. */
    public static StreamEvent decode(ObjectNode json) {
        requireVersion(json);
        var type = text(json, "type");
        var id = id(json);
        long sequence = number(json, "sequence");
        long at = number(json, "at");
        var placement = Json.read(json, Placement.class);
        return new StreamEvent(id, sequence, at, placement, body(type, json));
    }

    private static EventBody body(String type, ObjectNode json) {
        var known = EventType.named(type);
        if (known.isPresent()) {
            try {
                return Json.read(json, known.get().body());
            } catch (MalformedRecordException e) {
                return new EventBody.Unknown(type, json);
            }
        }
        return new EventBody.Unknown(type, json);
    }

    private static void requireVersion(ObjectNode json) {
        var version = json.path("schemaVersion");
        if (!version.isInt() || version.intValue() != SCHEMA_VERSION) {
            throw new MalformedRecordException(
                    "schemaVersion",
                    "must be " + SCHEMA_VERSION + ", was " + describe(version),
                    null);
        }
    }

    private static StreamId id(ObjectNode json) {
        try {
            return StreamId.parse(text(json, "requestId"));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("requestId", String.valueOf(e.getMessage()), e);
        }
    }

    private static String text(ObjectNode json, String field) {
        var value = json.path(field);
        if (!value.isTextual()) {
            throw new MalformedRecordException(
                    field, "must be a string, was " + describe(value), null);
        }
        return value.textValue();
    }

    private static long number(ObjectNode json, String field) {
        var value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new MalformedRecordException(
                    field, "must be a whole number from 0, was " + describe(value), null);
        }
        return value.longValue();
    }

    private static String describe(JsonNode value) {
        return value.isNumber() ? value.asText() : value.getNodeType().name();
    }
}
