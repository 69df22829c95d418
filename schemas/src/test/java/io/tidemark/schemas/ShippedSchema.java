package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON Schemas that are shipped with the jar, as an independent reader would use them. */
enum ShippedSchema {
    EVENT("event"),
    EVENT_HEADERS("event-headers"),
    COMMAND("command"),
    RESPONSE("response"),
    USAGE_ROW("usage-row"),
    ROLLUP("rollup"),
    RESULT_HEADERS("result-headers"),
    DEAD_LETTER_HEADERS("dead-letter-headers"),
    REVOCATION("revocation"),
    ERASURE("erasure"),
    START_WORD("start-word"),
    WRAPPED_KEY("wrapped-key"),
    GENERATION_WORD("generation-word");

    private static final Map<ShippedSchema, JsonSchema> COMPILED = new ConcurrentHashMap<>();

    private final String file;

    ShippedSchema(String name) {
        file = name + ".schema.json";
    }

    private JsonSchema compiled() {
        return COMPILED.computeIfAbsent(
                this,
                it -> JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(it.json()));
    }

    /** The schema itself. */
    ObjectNode json() {
        try (var in = EventCodec.class.getResourceAsStream(file)) {
            return Json.object(requireNonNull(in, file).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a document; empty when nothing is. */
    List<String> problemsOf(byte[] document) {
        return problemsOf(Json.object(Json.RESULTS, document));
    }

    /** The same of a document that was read. */
    List<String> problemsOf(JsonNode document) {
        return compiled().validate(document).stream().map(ValidationMessage::getMessage).toList();
    }

    /** Its name below {@code schemas/src/main/resources/io/tidemark/schemas}. */
    String file() {
        return file;
    }

    /** The part of it that speaks of one type of several. */
    JsonNode ofType(String type) {
        for (var branch : json().path("allOf")) {
            if (branch.at("/if/properties/type/const").asText().equals(type)) {
                return branch.path("then");
            }
        }
        throw new AssertionError(
                "%s says nothing of the type %s: add {\"if\": {\"properties\": {\"type\": {\"const\": \"%2$s\"}}}, \"then\": …} to allOf"
                        .formatted(file, type));
    }
}
