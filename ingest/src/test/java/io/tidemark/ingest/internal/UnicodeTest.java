package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnicodeTest {
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "plain, plain",
        "\uD83D\uDE00, \uD83D\uDE00",
        "a\uD83D, a\uFFFD",
        "\uDE00b, \uFFFDb",
        "\uD83D\uD83D\uDE00, \uFFFD\uD83D\uDE00",
        "\uDE00\uD83D, \uFFFD\uFFFD"
    })
    void replacesLoneSurrogatesAndNothingElse(String text, String wellFormed) {
        assertThat(Unicode.wellFormed(text)).isEqualTo(wellFormed).hasSameSizeAs(text);
    }
}
