package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.stream.Stream;

/**
 * What a provider says of an error, whichever of the shapes in use it comes in: {@code
 * {"error":{"type","code","message"}}}, the same without the wrapper, {@code
 * {"code","error":"text"}}, {@code {"detail":"text"}}, {@code {"__type","message"}}, or one of
 * these in an array. Immutable.
 *
 * @param type the class of error, in the provider's words
 * @param code the error itself, in the provider's words
 * @param message for a person, as the provider wrote it
 */
public record ProviderError(
        @Nullable String type, @Nullable String code, @Nullable String message) {
    /** An error of which nothing was said. */
    public static final ProviderError NONE = new ProviderError(null, null, null);

    /** What the body says; {@link #NONE} where it says nothing. */
    public static ProviderError of(@Nullable JsonNode body) {
        if (body == null) {
            return NONE;
        }
        if (body.isArray()) {
            return of(body.get(0));
        }
        if (body.isTextual()) {
            return new ProviderError(null, null, body.textValue());
        }
        var inner = body.path("error");
        var object = inner.isObject() ? inner : body;
        return new ProviderError(
                firstWord(object, "type", "__type"),
                firstWord(object, "code", "status"),
                firstWord(object, "message", "error", "detail"));
    }

    /** This error with what it leaves open taken from another report of the same failure. */
    public ProviderError orElse(ProviderError other) {
        return new ProviderError(
                type == null ? other.type : type,
                code == null ? other.code : code,
                message == null ? other.message : message);
    }

    /* A numeric code repeats the HTTP status; Gemini's word for it stands in "status". */
    private static @Nullable String firstWord(JsonNode object, String... fields) {
        return Stream.of(fields)
                .map(field -> ProviderJson.word(object, field))
                .filter(word -> word != null && !"error".equals(word))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return "ProviderError[type=" + type + ", code=" + code + "]";
    }
}
