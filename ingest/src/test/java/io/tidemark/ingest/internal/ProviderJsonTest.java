package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.IngestLimits;

import org.junit.jupiter.api.Test;

class ProviderJsonTest {
    @Test
    void readsTheLargestFrameThatMayBeConfigured() {
        var text = "x".repeat(IngestLimits.FRAME_BYTES_CEILING);

        assertThat(ProviderJson.value('"' + text + '"')).isPresent();
    }

    @Test
    void aNumberThatNobodyCanHoldIsNoValue() {
        assertThat(ProviderJson.value("[1e40333333333333333333333333333333333333333333330]"))
                .isEmpty();
    }
}
