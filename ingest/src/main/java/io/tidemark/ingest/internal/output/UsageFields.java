package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;

/**
 * Usage that a provider states again and again while it answers: field by field, what is said last
 * counts, and what is left out stays as it was. Confined to one thread.
 */
public final class UsageFields {
    /** Most fields kept; further ones are left out. */
    public static final int FIELDS_MAX = 64;

    private final int fieldCharsMax;
    private final ObjectNode known = ProviderJson.newObject();

    /**
     * @param fieldCharsMax longest field kept, its name and its JSON, in characters; longer ones
     *     are left out
     */
    public UsageFields(int fieldCharsMax) {
        this.fieldCharsMax = fieldCharsMax;
    }

    /** Takes over what the provider says; nothing, if that is no object. */
    public void learn(JsonNode usage) {
        for (var field : usage.properties()) {
            if (!field.getValue().isNull() && hasRoom(field.getKey(), field.getValue())) {
                known.set(field.getKey(), field.getValue());
            }
        }
    }

    private boolean hasRoom(String name, JsonNode value) {
        boolean room = known.has(name) || known.size() < FIELDS_MAX;
        return room && name.length() + ProviderJson.text(value).length() <= fieldCharsMax;
    }

    /** All that is known. */
    public ObjectNode json() {
        return known;
    }
}
