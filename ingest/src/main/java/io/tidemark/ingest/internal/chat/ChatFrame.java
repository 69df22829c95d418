package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;

/**
 * One JSON object that the provider sent. Immutable, as long as nobody modifies the tree.
 *
 * @param json the object
 * @param chars its length, in characters
 */
record ChatFrame(ObjectNode json, int chars) {
    private static final String CHUNK = "chat.completion.chunk";
    private static final String WHOLE = "chat.completion";

    /** What the provider calls it; a chunk where it does not say. */
    String type() {
        var object = ProviderJson.word(json, "object");
        return object == null ? CHUNK : object;
    }

    /** Whether it states the answer as a whole. */
    boolean whole() {
        return WHOLE.equals(type());
    }

    /** Whether it is part of an answer, whichever part; some servers leave out {@code object}. */
    boolean partOfAnswer() {
        return json.has("choices")
                || json.hasNonNull("usage")
                || json.hasNonNull("x_groq")
                || json.hasNonNull("prompt_filter_results")
                || (json.hasNonNull("object") && type().startsWith(WHOLE));
    }

    /** Whether a value says nothing, in one of the ways in which servers say nothing. */
    static boolean saysNothing(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream().allMatch(field -> saysNothing(field.getValue()));
        }
        return value.isMissingNode()
                || value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isArray() && value.isEmpty());
    }

    @Override
    public String toString() {
        return "ChatFrame[type=" + type() + ", chars=" + chars + "]";
    }
}
