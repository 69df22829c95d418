package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Reads what the status and the headers of an answer say. Stateless. */
final class AnswerHead {
    /* A provider that asks for more is not taken at its word. */
    private static final Duration RETRY_AFTER_MAX = Duration.ofDays(1);

    private AnswerHead() {}

    /** Whether the body is announced as an event stream, and can be read as it comes in. */
    static boolean eventStream(int status, HttpHeaders headers) {
        boolean type =
                headers.firstValue("content-type")
                        .map(value -> value.strip().toLowerCase(Locale.ROOT))
                        .map(value -> value.startsWith("text/event-stream"))
                        .orElse(false);
        return readable(status, headers) && type;
    }

    /**
     * Whether the body may be an answer that can be read as it comes in, whatever its content type
     * says: some servers send none, and some a wrong one.
     */
    static boolean readable(int status, HttpHeaders headers) {
        return success(status) && plain(headers);
    }

    private static boolean success(int status) {
        return status >= 200 && status < 300;
    }

    private static boolean plain(HttpHeaders headers) {
        return headers.firstValue("content-encoding")
                .map(value -> value.equalsIgnoreCase("identity"))
                .orElse(true);
    }

    static boolean redirect(int status) {
        return status >= 300 && status < 400;
    }

    /**
     * How long the provider asks to wait: {@code retry-after-ms}, or {@code retry-after} in seconds
     * or as a date (RFC 9110, 10.2.3); absent if it says nothing readable.
     */
    static @Nullable Duration retryAfter(HttpHeaders headers, Instant now) {
        var millis = headers.firstValue("retry-after-ms").map(value -> number(value, 1));
        var asked =
                millis.orElseGet(() ->
                        headers.firstValue("retry-after")
                                .map(value -> seconds(value.strip(), now))
                                .orElse(null));
        if (asked == null || asked.isNegative()) {
            return null;
        }
        return asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
    }

    private static @Nullable Duration seconds(String value, Instant now) {
        var number = number(value, 1000);
        return number == null ? untilDate(value, now) : number;
    }

    private static @Nullable Duration number(String value, int millisEach) {
        try {
            double number = Double.parseDouble(value.strip());
            return Double.isFinite(number) ? Duration.ofMillis((long) (number * millisEach)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Duration untilDate(String value, Instant now) {
        try {
            var date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(now, date.toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
