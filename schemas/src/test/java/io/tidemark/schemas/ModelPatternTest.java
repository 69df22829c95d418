package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class ModelPatternTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-5, gpt-5, true",
        "gpt-5, gpt-5-mini, false",
        "gpt-5*, gpt-5, true",
        "gpt-5*, gpt-5-mini, true",
        "gpt-*-mini, gpt-5-mini, true",
        "gpt-*-mini, gpt-mini, false",
        "*, anything, true",
        "**, anything, true",
        "*b*b, ab, false",
        "a*a, a, false",
        "gpt.5, gpt-5, false"
    })
    void fitsWhatItSpellsOut(String pattern, String model, boolean fits) {
        assertThat(new ModelPattern(pattern).fits(model)).isEqualTo(fits);
    }

    @Test
    void fitsWhatTheRegularExpressionFits() {
        Seeds.randomly(
                2_000,
                random -> {
                    var pattern = text(random, "ab*", 1 + random.nextInt(6));
                    var model = text(random, "ab", random.nextInt(8));

                    assertThat(new ModelPattern(pattern).fits(model))
                            .as("%s fits %s", pattern, model)
                            .isEqualTo(model.matches(regex(pattern)));
                });
    }

    private static String text(Random random, String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String regex(String pattern) {
        return Stream.of(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .reduce((one, two) -> one + ".*" + two)
                .orElseThrow();
    }

    @Test
    void saysMoreTheMoreItSpellsOut() {
        assertThat(
                        Stream.of("*", "*gpt-5*", "gpt*", "gpt-5*", "gpt-5-mini", "gpt-5", "gpt*-5")
                                .map(ModelPattern::new)
                                .sorted(ModelPattern.MOST_SPECIFIC_FIRST)
                                .map(ModelPattern::text))
                .containsExactly("gpt-5-mini", "gpt-5", "gpt*-5", "gpt-5*", "*gpt-5*", "gpt*", "*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void isNotBlank(String text) {
        assertThatThrownBy(() -> new ModelPattern(text)).hasMessageContaining("1 to 256");
    }
}
