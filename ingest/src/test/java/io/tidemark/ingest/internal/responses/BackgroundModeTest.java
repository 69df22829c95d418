package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Resumption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalLong;

/** What is asked of a response that goes on by itself, and of which. */
class BackgroundModeTest {
    private final Resumption resumption =
            new ResponsesApi()
                    .resumption(ProviderJson.newObject().put("background", true))
                    .orElseThrow();

    @Test
    void onlyABackgroundRequestCanBeResumed() {
        var api = new ResponsesApi();

        assertThat(api.resumption(ProviderJson.newObject())).isEmpty();
        assertThat(api.resumption(ProviderJson.newObject().put("background", false))).isEmpty();
        assertThat(api.resumption(ProviderJson.newObject().put("background", "true"))).isEmpty();
    }

    @Test
    void itIsReadFromItsBeginningOrAfterANumber() {
        assertThat(resumption.reading("resp_1", OptionalLong.empty()).path())
                .isEqualTo("/responses/resp_1?stream=true&include_obfuscation=false");
        assertThat(resumption.reading("resp_1", OptionalLong.of(0)).path())
                .endsWith("&starting_after=0");
        assertThat(resumption.cancelling("resp_1").path()).isEqualTo("/responses/resp_1/cancel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a?b", "a%2Fb", "a b", "ü"})
    void anIdThatLeadsElsewhereIsNotAskedFor(String id) {
        assertThat(resumption.accepts(id)).isFalse();
        assertThatThrownBy(() -> resumption.cancelling(id))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdHasABound() {
        assertThat(resumption.accepts("r".repeat(256))).isTrue();
        assertThat(resumption.accepts("r".repeat(257))).isFalse();
    }
}
