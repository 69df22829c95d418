package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.regex.Pattern;

final class WildcardTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-5, gpt-5, true",
        "gpt-5, gpt-5-mini, false",
        "gpt-*, gpt-5-mini, true",
        "gpt-*-mini, gpt-5-mini, true",
        "gpt-*-mini, gpt-5-nano, false",
        "*, '', true",
        "*, anything, true",
        "**a**, bab, true",
        "*ab, aab, true",
        "g.t, gpt, false",
        "'', a, false",
        "'', '', true",
    })
    void fitsAllOfAText(String pattern, String text, boolean fits) {
        assertThat(new Wildcard(pattern).fits(text)).isEqualTo(fits);
    }

    @Test
    void fitsWhatTheSameRegularExpressionMatches() {
        long seed = Long.getLong("seed", new Random().nextLong());
        var random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            var pattern = text(random, "ab*", 8);
            var text = text(random, "ab", 10);
            assertThat(new Wildcard(pattern).fits(text))
                    .as("%s against %s, seed %d", pattern, text, seed)
                    .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), text));
        }
    }

    private static String text(Random random, String alphabet, int charsMax) {
        var text = new StringBuilder();
        for (int chars = random.nextInt(charsMax); chars > 0; chars--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** A regular expression would try every way to share the text among the stars. */
    @Test
    @Timeout(10)
    void takesNoTimeForAPatternThatNearlyFitsInManyWays() {
        assertThat(new Wildcard("a*".repeat(128) + "b").fits("a".repeat(256))).isFalse();
    }
}
