package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Words of an enumeration, which come as their names or, from some servers, as their numbers. */
final class Words {
    private Words() {}

    /** The field's word in upper case, or its number as text; absent if it is neither. */
    static @Nullable String of(JsonNode object, String field) {
        var value = object.path(field);
        boolean word = value.isTextual() && !value.textValue().isEmpty();
        return word || value.isIntegralNumber() ? value.asText().toUpperCase(Locale.ROOT) : null;
    }

    /** The same, and absent as well where the word is the one for nothing being said. */
    static @Nullable String stated(JsonNode object, String field) {
        var word = of(object, field);
        boolean unsaid = word != null && (word.endsWith("_UNSPECIFIED") || word.equals("0"));
        return unsaid ? null : word;
    }
}
