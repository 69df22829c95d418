package io.tidemark.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurrogatesTest {
    @ParameterizedTest
    @CsvSource({
        "\\ud83d, \\ufffd",
        "\\uDE00 x, \\ufffd x",
        "\\ud83d\\ud83d\\ude00, \\ufffd\\ud83d\\ude00",
        "\\ude00\\ud83d, \\ufffd\\ufffd",
        "\\ud83d\\n\\ude00, \\ufffd\\n\\ufffd",
        "\\\\\\ud83d, \\\\\\ufffd",
        "é\\ud83dé, é\\ufffdé"
    })
    void aHalfThatStandsAloneIsReplaced(String text, String mended) {
        assertThat(mended(text)).isEqualTo(mended);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\\ud83d\\ude00",
                "\\u00e9",
                "\\\\ud83d",
                "\\u",
                "\\ud83",
                "\uD83D\uDE00"
            })
    void whatIsWholeStaysAsItIs(String text) {
        assertThat(Surrogates.halves(text.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void theValueThatWasGivenIsNotChanged() {
        var json = "\\ud83d".getBytes(UTF_8);

        Surrogates.mended(json, Surrogates.halves(json));

        assertThat(json).asString(UTF_8).isEqualTo("\\ud83d");
    }

    private static String mended(String text) {
        var json = text.getBytes(UTF_8);
        return new String(Surrogates.mended(json, Surrogates.halves(json)), UTF_8);
    }
}
