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

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, true", "3, false", "4, false", "5, false", "9, false"})
    void knowsWhereACharacterWouldBeParted(int index, boolean inside) {
        assertThat(Unicode.insideCharacter("a\uD83D\uDE00b\uD83D", index)).isEqualTo(inside);
    }
}
