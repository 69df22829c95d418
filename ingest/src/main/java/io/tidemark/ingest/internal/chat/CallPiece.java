package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a call, as one element of {@code tool_calls} states it. Immutable, as long as nobody
 * modifies the tree.
 *
 * @param type {@code function}, {@code custom} or what else a provider calls it
 * @param index the call's place, as the provider counts; absent where it does not
 * @param id the call's id; absent where it has none, or an empty one as in every piece but the
 *     first of some servers
 * @param name the tool's name; absent in most pieces
 * @param input the input: a piece of JSON as text, text, or now and then an object
 * @param signature what the provider signed it with
 */
record CallPiece(
        String type,
        @Nullable Integer index,
        @Nullable String id,
        @Nullable String name,
        JsonNode input,
        @Nullable String signature) {
    private static final String FUNCTION = "function";
    private static final String CUSTOM = "custom";

    /** An element of {@code tool_calls}. */
    static CallPiece of(JsonNode stated) {
        boolean custom = stated.path(CUSTOM).isObject();
        var type = ProviderJson.word(stated, "type");
        var nested = stated.path(custom ? CUSTOM : FUNCTION);
        var body = nested.isObject() ? nested : stated;
        return new CallPiece(
                type == null ? custom ? CUSTOM : FUNCTION : type,
                ProviderJson.index(stated, "index"),
                id(stated.path("id")),
                ProviderJson.word(body, "name"),
                body.path(custom ? "input" : "arguments"),
                signature(stated));
    }

    /** A {@code function_call}, as it was before there were several. */
    static CallPiece legacy(JsonNode stated) {
        return new CallPiece(
                "function_call",
                null,
                null,
                ProviderJson.word(stated, "name"),
                stated.path("arguments"),
                null);
    }

    boolean custom() {
        return type.equals(CUSTOM);
    }

    /** Whether its input can only be the beginning of one. */
    boolean begins() {
        return input.isTextual() && input.textValue().stripLeading().startsWith("{");
    }

    private static @Nullable String id(JsonNode id) {
        var text = id.isIntegralNumber() ? id.asText() : id.textValue();
        return text == null || text.isEmpty() || text.length() > Call.NAME_CHARS_MAX ? null : text;
    }

    private static @Nullable String signature(JsonNode stated) {
        var google = stated.path("extra_content").path("google");
        var signature = ProviderJson.word(google, "thought_signature");
        return signature == null
                ? ProviderJson.word(stated.path("provider_specific_fields"), "thought_signature")
                : signature;
    }

    @Override
    public String toString() {
        return "CallPiece[type=" + type + ", index=" + index + ", id=" + id + "]";
    }
}
