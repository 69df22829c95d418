package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class AnswerHeadTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private static HttpHeaders headers(String name, String value) {
        return HttpHeaders.of(Map.of(name, List.of(value)), (_, _) -> true);
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, 7, 7000",
        "retry-after, 0.5, 500",
        "retry-after-ms, 250, 250",
        "retry-after, 'Fri, 20 Nov 2026 10:00:30 GMT', 30000",
        "retry-after, 99999999, 86400000"
    })
    void readsHowLongToWait(String name, String value, long millis) {
        assertThat(AnswerHead.retryAfter(headers(name, value), NOW))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, soon",
        "retry-after, -1",
        "retry-after, NaN",
        "retry-after, 'Fri, 20 Nov 2026 09:00:00 GMT'",
        "x-other, 7"
    })
    void takesNothingElseForATime(String name, String value) {
        assertThat(AnswerHead.retryAfter(headers(name, value), NOW)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "200, content-type, text/event-stream, true",
        "200, content-type, Text/Event-Stream; charset=utf-8, true",
        "200, x-none, any, false",
        "200, content-type, application/json, false",
        "200, content-encoding, gzip, false",
        "429, content-type, text/event-stream, false"
    })
    void knowsAnEventStreamByItsHead(int status, String name, String value, boolean stream) {
        assertThat(AnswerHead.eventStream(status, headers(name, value))).isEqualTo(stream);
    }

    @ParameterizedTest
    @CsvSource({
        "200, content-type, application/json, true",
        "200, content-type, text/plain, true",
        "200, x-none, any, true",
        "200, content-encoding, gzip, false",
        "429, content-type, application/json, false"
    })
    void takesAnySuccessThatIsNotPackedForReadable(
            int status, String name, String value, boolean readable) {
        assertThat(AnswerHead.readable(status, headers(name, value))).isEqualTo(readable);
    }

    @Test
    void takesEveryThreeHundredForARedirect() {
        assertThat(AnswerHead.redirect(308)).isTrue();
        assertThat(AnswerHead.redirect(299)).isFalse();
        assertThat(AnswerHead.redirect(400)).isFalse();
    }
}
