package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;

class ConvertersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    private final Converters.TimeOrAgo time = new Converters.TimeOrAgo(InstantSource.fixed(NOW));

    @Test
    void aLengthOfTimeIsThatLongAgo() {
        assertThat(time.convert("90m")).isEqualTo(Instant.parse("2026-11-21T07:30:00Z"));
    }

    @Test
    void aTimeIsThatTime() {
        assertThat(time.convert("2026-11-20T00:00:00Z"))
                .isEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
    }

    @Test
    void whatIsNeitherIsRefusedWithBoth() {
        assertThatThrownBy(() -> time.convert("tomorrow"))
                .hasMessageContaining("2026-11-21T09:00:00Z")
                .hasMessageContaining("such as 2h")
                .hasMessageContaining("'tomorrow'");
    }

    @Test
    void longerAgoThanThereIsTimeIsRefused() {
        assertThatThrownBy(() -> time.convert("999999999999d"))
                .hasMessageContaining("no longer ago than there is time");
    }
}
