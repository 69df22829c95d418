package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An exact decimal that is not negative: a rate, or what something costs. In JSON it is text, since
 * readers of JSON take numbers for floating point. Equal amounts are spelled alike. Immutable.
 *
 * @param value without trailing zeros and without exponent, of at most {@value #DECIMALS_MAX}
 *     decimals
 */
public record Amount(BigDecimal value) implements Comparable<Amount> {
    /** Nothing. */
    public static final Amount ZERO = new Amount(BigDecimal.ZERO);

    /** Most decimals: those of a rate, and six more for a millionth of it. */
    public static final int DECIMALS_MAX = 18;

    /** More digits before the point than any sum of what tokens cost will have. */
    private static final int DIGITS_MAX = 60;

    private static final Pattern TEXT =
            Pattern.compile("\\d{1,%d}(\\.\\d{1,%d})?".formatted(DIGITS_MAX, DECIMALS_MAX));

    public Amount {
        value = plain(value);
        if (value.signum() < 0 || value.scale() > DECIMALS_MAX) {
            throw new IllegalArgumentException(
                    "an amount must not be negative or have more than %d decimals, was %s"
                            .formatted(DECIMALS_MAX, value));
        }
    }

    /**
     * Reads an amount from its text.
     *
     * @param text digits, and perhaps a point and at most {@value #DECIMALS_MAX} more digits
     * @throws IllegalArgumentException if it is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Amount parse(String text) {
        /* Before it is a number: the exponent of a short text can be that of a very long number. */
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an amount must be up to %d digits, and after a point up to %d more"
                            .formatted(DIGITS_MAX, DECIMALS_MAX));
        }
        return new Amount(new BigDecimal(text));
    }

    /** The same number without trailing zeros and without exponent. */
    static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** The sum of both, exactly. */
    public Amount plus(Amount other) {
        return new Amount(value.add(other.value));
    }

    @Override
    public int compareTo(Amount other) {
        return value.compareTo(other.value);
    }

    /** The amount as it stands in JSON, such as {@code 0.0000345}. */
    @Override
    @JsonValue
    public String toString() {
        return value.toPlainString();
    }
}
