package io.tidemark.devkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "one",
                " one  two\nthree \t",
                "a\u2028b 👩\u200d💻 e\u0301",
                "\n\n"
            })
    void everyWayOfCuttingKeepsTheText(String text) {
        assertThat(String.join("", Tokens.words(text))).isEqualTo(text);
        assertThat(String.join("", Tokens.codePoints(text))).isEqualTo(text);
        assertThat(String.join("", Tokens.pieces(text, 2))).isEqualTo(text);
    }

    @Test
    void repeatsInOrderUpToTheCount() {
        assertThat(Tokens.repeated(Tokens.words("a b"), 5))
                .containsExactly("a", " b", "a", " b", "a");
    }
}
