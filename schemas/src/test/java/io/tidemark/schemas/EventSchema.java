package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The JSON Schema that is shipped with the jar, as an independent reader would use it. */
final class EventSchema {
    private static final JsonSchema SCHEMA = load();

    private EventSchema() {}

    /** What is wrong with an event; empty when nothing is. */
    static List<String> problemsOf(byte[] json) {
        return SCHEMA.validate(Json.object(json)).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonSchema load() {
        try (var in = EventCodec.class.getResourceAsStream("event.schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(requireNonNull(in, "event.schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
