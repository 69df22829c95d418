package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What Google's services say of an error beside its status ({@code google.rpc.ErrorInfo} and {@code
 * google.rpc.RetryInfo}), which says more than the status and the headers do. Stateless.
 */
final class ErrorDetails {
    /* A provider that asks for more is not taken at its word. */
    private static final Duration RETRY_DELAY_MAX = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,9})?)s");

    private ErrorDetails() {}

    /** The reason of the error; absent where it is not said. */
    static @Nullable String reason(JsonNode error) {
        return detail(error, "reason");
    }

    /**
     * How long to wait before the next try.
     *
     * @param body the whole answer, in which the error may stand in an array
     */
    static @Nullable Duration retryDelay(@Nullable JsonNode body) {
        if (body == null) {
            return null;
        }
        var error = (body.isArray() ? body.path(0) : body).path("error");
        var delay = detail(error, "retryDelay");
        var seconds = delay == null ? null : SECONDS.matcher(delay);
        if (seconds == null || !seconds.matches()) {
            return null;
        }
        var asked = Duration.ofMillis((long) (Double.parseDouble(seconds.group(1)) * 1000));
        return asked.compareTo(RETRY_DELAY_MAX) > 0 ? RETRY_DELAY_MAX : asked;
    }

    private static @Nullable String detail(JsonNode error, String field) {
        for (var detail : error.path("details")) {
            var word = ProviderJson.word(detail, field);
            if (word != null) {
                return word;
            }
        }
        return null;
    }
}
