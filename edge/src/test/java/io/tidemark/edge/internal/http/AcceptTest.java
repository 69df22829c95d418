package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

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
}
