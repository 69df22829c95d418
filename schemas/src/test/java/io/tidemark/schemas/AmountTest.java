package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;

class AmountTest {
    @ParameterizedTest
    @CsvSource({"0,0", "0.00,0", "1.50,1.5", "100,100", "007,7", "0.000000000000000001,1E-18"})
    void isSpelledWithoutExponentOrTrailingZeros(String text, BigDecimal value) {
        var amount = Amount.parse(text);

        assertThat(amount.value()).isEqualByComparingTo(value);
        assertThat(amount.toString()).isEqualTo(value.stripTrailingZeros().toPlainString());
    }

    @Test
    void isEqualToWhatIsSpelledOtherwise() {
        assertThat(Amount.parse("1.10")).isEqualTo(Amount.parse("01.1"));
        assertThat(new Amount(new BigDecimal("1E+3"))).isEqualTo(Amount.parse("1000.0"));
    }

    @Test
    void addsExactly() {
        var tenth = Amount.parse("0.1");

        assertThat(tenth.plus(tenth).plus(tenth)).isEqualTo(Amount.parse("0.3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1e999999999",
                "1.",
                ".5",
                "1,5",
                " 1",
                "NaN",
                "0.0000000000000000001",
                "1234567890123456789012345678901234567890123456789012345678901"
            })
    void isNoneThatIsSpelledInAnotherWay(String text) {
        assertThatThrownBy(() -> Amount.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("up to 60 digits, and after a point up to 18 more");
    }

    @Test
    void isNotNegative() {
        assertThatThrownBy(() -> new Amount(new BigDecimal("-0.01"))).hasMessageContaining("-0.01");
    }
}
