package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.RequestBody.Part;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON as fields of a form, in the way of the vendor's SDKs: an element of a list is {@code
 * name[]}, a member of an object is {@code name[member]}, and null is left out. Stateless.
 */
final class FormFields {
    /** Most fields of one form. */
    static final int FIELDS_MAX = 1024;

    private FormFields() {}

    /** The fields in order; more than {@link #FIELDS_MAX} if there are too many. */
    static List<Part> of(ObjectNode json) {
        var parts = new ArrayList<Part>();
        json.properties().forEach(field -> add(field.getKey(), field.getValue(), parts));
        return parts;
    }

    private static void add(String name, JsonNode value, List<Part> parts) {
        if (value.isArray()) {
            value.forEach(element -> add(name + "[]", element, parts));
        } else if (value.isObject()) {
            value.properties()
                    .forEach(field ->
                            add(name + "[" + field.getKey() + "]", field.getValue(), parts));
        } else if (!value.isNull() && parts.size() <= FIELDS_MAX) {
            parts.add(Part.text(name, value.asText()));
        }
    }
}
