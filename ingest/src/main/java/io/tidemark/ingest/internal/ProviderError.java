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
 * @param code the error itself, in the provider's words, or a number as text where it has none
 * @param message for a person, as the provider wrote it
 * @param requestId the provider's name of the request, to be quoted to its support
 */
public record ProviderError(
        @Nullable String type,
        @Nullable String code,
        @Nullable String message,
        @Nullable String requestId) {
    private static final String[] CODES = {"code", "status", "error_code", "status_code"};

    /** An error of which nothing was said. */
    public static final ProviderError NONE = new ProviderError(null, null, null);

    /** An error of a request that the provider did not name. */
    public ProviderError(@Nullable String type, @Nullable String code, @Nullable String message) {
        this(type, code, message, null);
    }

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
        var type = firstWord(object, "type", "__type", "error_type");
        return new ProviderError(
                type == null ? ErrorDetails.reason(object) : type,
                code(object),
                firstWord(object, "message", "error", "detail", "msg"),
                ProviderJson.word(body, "request_id"));
    }

    /** This error with what it leaves open taken from another report of the same failure. */
    public ProviderError orElse(ProviderError other) {
        return new ProviderError(
                type == null ? other.type : type,
                code == null ? other.code : code,
                message == null ? other.message : message,
                requestId == null ? other.requestId : requestId);
    }

    /* A numeric code is an HTTP status; Gemini has one and its word for it in "status". */
    private static @Nullable String code(JsonNode object) {
        var word = firstWord(object, CODES);
        return word == null ? firstNumber(object, CODES) : word;
    }

    private static @Nullable String firstNumber(JsonNode object, String... fields) {
        return Stream.of(fields)
                .map(object::path)
                .filter(value -> value.isIntegralNumber() || numeric(value.asText()))
                .map(JsonNode::asText)
                .findFirst()
                .orElse(null);
    }

    private static boolean numeric(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static @Nullable String firstWord(JsonNode object, String... fields) {
        return Stream.of(fields)
                .map(field -> ProviderJson.word(object, field))
                .filter(word -> word != null && !"error".equals(word) && !numeric(word))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return "ProviderError[type=" + type + ", code=" + code + "]";
    }
}
