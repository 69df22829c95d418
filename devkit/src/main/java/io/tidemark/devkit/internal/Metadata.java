package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where a request carries what it asks of the simulator. Immutable. Does not show what it holds.
 *
 * @param field the field of the body that holds the entries, for messages; empty for the body
 * @param entries by key
 */
record Metadata(String field, Map<String, String> entries) {

    Metadata {
        entries = Map.copyOf(entries);
    }

    /** The entries of a body's field. */
    static Metadata in(String field, JsonNode body) {
        var entries = new HashMap<String, String>();
        body.path(field)
                .properties()
                .forEach(entry -> entries.put(entry.getKey(), entry.getValue().asText("")));
        return new Metadata(field, entries);
    }

    /** An entry, or an empty string. */
    String entry(String key) {
        return entries.getOrDefault(key, "");
    }

    /**
     * An entry that is a number.
     *
     * @throws InvalidRequest if it is none, or out of bounds, both inclusive
     */
    OptionalInt number(String key, int min, int max) throws InvalidRequest {
        var text = entry(key);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        var value = wholeNumber(key);
        if (value < min || value > max) {
            throw invalid(key, "must be between " + min + " and " + max);
        }
        return OptionalInt.of((int) value);
    }

    /** An entry that must be a whole number. */
    long wholeNumber(String key) throws InvalidRequest {
        try {
            return Long.parseLong(entry(key));
        } catch (NumberFormatException e) {
            throw invalid(key, "is not a whole number");
        }
    }

    /** An entry that is going to stand in a header, or an empty string. */
    String headerValue(String key) throws InvalidRequest {
        var text = entry(key);
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw invalid(key, "cannot stand in a header");
        }
        return text;
    }

    /** The refusal of an entry. */
    InvalidRequest invalid(String key, String problem) {
        var name = field.isEmpty() ? key : field + "." + key;
        return new InvalidRequest(ApiError.badRequest(name, "'" + name + "' " + problem + "."));
    }

    @Override
    public String toString() {
        return "Metadata[" + entries.size() + " entries]";
    }
}
