package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A failure that the provider reported, in a stream or instead of one, with our word for it. The
 * mapping follows the error taxonomy of {@code docs/protocol.md} and is shared by all dialects.
 * Immutable.
 *
 * @param code our word for it
 * @param error the provider's words
 * @param httpStatus the HTTP status, where the provider answered with one instead of a stream
 * @param retryAfter how long the provider asks to wait
 */
public record ProviderFault(
        ErrorCode code,
        ProviderError error,
        @Nullable Integer httpStatus,
        @Nullable Duration retryAfter) {
    /** Longest message passed on, in characters. */
    public static final int MESSAGE_CHARS_MAX = 500;

    /** Longest code, type and request id of the provider's passed on, in characters. */
    public static final int CODE_CHARS_MAX = 128;

    private static final Pattern CREDENTIAL =
            Pattern.compile(
                    "(?i)(bearer\\s+\\S+|\\b(?:(?:sk|pk|key|xai|gsk)[-_]|AIza)[\\w*.-]{12,})");

    public ProviderFault {
        requireNonNull(code, "code");
        requireNonNull(error, "error");
    }

    /** A failure reported inside a stream. */
    public static ProviderFault inStream(ProviderError error) {
        return new ProviderFault(FaultCodes.codeOf(error, null), error, null, null);
    }

    /**
     * A refusal: an HTTP answer that is no stream.
     *
     * @param body the answer's body, if it was JSON
     * @param retryAfter the answer's {@code retry-after}; absent where its body may say it
     */
    public static ProviderFault refusal(
            int httpStatus, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        var error = ProviderError.of(body);
        return new ProviderFault(
                FaultCodes.codeOf(error, httpStatus),
                error,
                httpStatus,
                retryAfter == null ? ErrorDetails.retryDelay(body) : retryAfter);
    }

    /**
     * The terminal event for it.
     *
     * @param partial whether content was sent before the failure
     */
    public Failed failed(boolean partial, @Nullable Usage usage) {
        return new Failed(
                code.wire(),
                message(),
                code.retryable(),
                retryAfter == null || retryAfter.isNegative() ? null : retryAfter.toMillis(),
                partial,
                httpStatus,
                shown(error.code(), CODE_CHARS_MAX),
                shown(error.type(), CODE_CHARS_MAX),
                usage,
                shown(error.requestId(), CODE_CHARS_MAX));
    }

    private String message() {
        var words = shown(error.message(), MESSAGE_CHARS_MAX);
        if (words != null) {
            return words;
        }
        return httpStatus == null
                ? "The provider reported a failure without saying which."
                : "The provider answered with HTTP status " + httpStatus + ".";
    }

    /* Providers quote the key they were given when they refuse it. */
    private static @Nullable String shown(@Nullable String words, int charsMax) {
        if (words == null) {
            return null;
        }
        var clean = CREDENTIAL.matcher(words).replaceAll("[redacted]");
        return clean.length() <= charsMax
                ? Unicode.wellFormed(clean)
                : Unicode.wellFormed(clean.substring(0, charsMax)) + "…";
    }
}
