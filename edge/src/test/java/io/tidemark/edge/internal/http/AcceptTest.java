package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

class AcceptTest {
    @Test
    void everythingIsAcceptedWithoutTheHeader() {
        var accept = Accept.of(List.of());
        assertThat(accept.allows(Accept.JSON)).isTrue();
        assertThat(accept.allows(Accept.EVENT_STREAM)).isTrue();
        assertThat(accept.prefers(Accept.EVENT_STREAM, Accept.JSON)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream|true|false|true",
                "TEXT/Event-Stream|true|false|true",
                "application/json|false|true|false",
                "*/*|true|true|false",
                "text/*|true|false|false",
                "text/event-stream, */*|true|true|true",
                "text/event-stream;q=0.5, application/json|true|true|false",
                "text/event-stream;q=0, */*|false|true|false",
                "application/json, text/event-stream|true|true|true",
                "text/event-stream;q=oops|false|false|false",
                "image/png|false|false|false",
                ", ;,|false|false|false"
            })
    void rangesAndQualitiesCount(String header, boolean events, boolean json, boolean preferred) {
        var accept = Accept.of(List.of(header));
        assertThat(accept.allows(Accept.EVENT_STREAM)).isEqualTo(events);
        assertThat(accept.allows(Accept.JSON)).isEqualTo(json);
        assertThat(accept.prefers(Accept.EVENT_STREAM, Accept.JSON)).isEqualTo(preferred);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|text/event-stream",
                "text/*|text/event-stream",
                "application/*|application/x-ndjson",
                "application/json|application/json",
                "application/json, text/plain, */*|application/json",
                "application/x-ndjson, text/event-stream|text/event-stream",
                "text/event-stream;q=0.5, application/x-ndjson|application/x-ndjson",
                "*/*, application/json;q=0.9|text/event-stream",
                "image/png|"
            })
    void theBestOfferIsTakenAndOfEqualsTheNamedOne(String header, @Nullable String best) {
        var offered = List.of(Accept.EVENT_STREAM, Accept.NDJSON, Accept.JSON);
        assertThat(Accept.of(List.of(header)).best(offered)).isEqualTo(Optional.ofNullable(best));
    }
}
