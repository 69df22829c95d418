package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a finished stream cost, and how that was reckoned (section 8.5 of the protocol): with the
 * usage in the same row anybody can reckon it again. Immutable.
 *
 * @param amount the sum of its parts, exact
 * @param currency ISO 4217
 * @param at the time by which the price was chosen, when the log took the terminal event, in epoch
 *     milliseconds
 * @param parts what was charged, each token in one of them
 * @param price the price that was chosen
 */
public record Cost(Amount amount, String currency, long at, List<Part> parts, Applied price) {
    public Cost {
        requireNonNull(amount, "amount");
        requireNonNull(currency, "currency");
        requireNonNull(price, "price");
        parts = List.copyOf(parts);
    }

    /**
     * One kind of what was used.
     *
     * @param kind name of a figure of {@link Usage}; of an open set
     * @param quantity tokens, or seconds of audio
     * @param rate for a million tokens, or for one second
     * @param amount what the quantity costs
     */
    public record Part(String kind, BigDecimal quantity, Amount rate, Amount amount) {
        public Part {
            requireNonNull(kind, "kind");
            requireNonNull(quantity, "quantity");
            requireNonNull(rate, "rate");
            requireNonNull(amount, "amount");
        }
    }

    /**
     * Which price was chosen.
     *
     * @param table name of the table
     * @param model its pattern
     * @param provider the provider it names; absent if it names none
     * @param validFrom from when it holds, in epoch milliseconds
     */
    public record Applied(String table, String model, @Nullable String provider, long validFrom) {
        public Applied {
            requireNonNull(table, "table");
            requireNonNull(model, "model");
        }
    }
}
