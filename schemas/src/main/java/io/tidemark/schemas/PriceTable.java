package io.tidemark.schemas;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Prices, and what a ledger row costs by them: a pure function of the row, the time and the table
 * (section 8.5 of the protocol), so that whoever checks a cost reckons it as whoever wrote it.
 * Immutable; to look a price up takes time linear in the number of prices.
 *
 * @param name of the table, which costs name: entries are added under one name, never changed
 * @param prices in any order, at most {@value #PRICES_MAX}; no two for the same provider, pattern
 *     and instant. Kept in the order in which they count
 */
public record PriceTable(String name, List<Price> prices) {
    /** Most prices of a table: each row may be compared with all of them. */
    public static final int PRICES_MAX = 2_000;

    /** What a name of a table looks like. */
    public static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}";

    /** A table of no prices, by which nothing has a cost. */
    public static final PriceTable NONE = new PriceTable("none", List.of());

    public PriceTable {
        if (!name.matches(NAME)) {
            throw new FieldException("name", "must match " + NAME);
        }
        FieldException.requireBetween("prices", prices.size(), 0, PRICES_MAX);
        prices = prices.stream().sorted(Price.PRECEDENCE).toList();
        var seen = new HashSet<Place>();
        for (var price : prices) {
            if (!seen.add(new Place(price))) {
                throw new FieldException(
                        "prices", "must not hold two of one instant for " + price.model());
            }
        }
    }

    /** What tells two prices of a table apart. */
    private record Place(Optional<String> provider, ModelPattern model, long validFrom) {
        Place(Price price) {
            this(Optional.ofNullable(price.provider()), price.model(), price.validFrom());
        }
    }

    /** What becomes of a row. The switch over it has no default: each case is told apart. */
    public sealed interface Charge {
        /** It costs this. */
        record Charged(Cost cost) implements Charge {}

        /** No price fits it. */
        record NoPrice() implements Charge {}

        /** It has no figures that its price has rates for. */
        record NoFigures() implements Charge {}
    }

    /**
     * The price that counts, if one fits.
     *
     * @param at a time of the log, epoch milliseconds
     */
    public Optional<Price> find(String provider, String model, long at) {
        return prices.stream().filter(price -> price.fits(provider, model, at)).findFirst();
    }

    /**
     * What a row costs.
     *
     * @param row whether it has a cost already makes no difference
     * @param at when the log took the terminal event of its stream, epoch milliseconds
     */
    public Charge charge(UsageRow row, long at) {
        var usage = row.usage();
        if (usage == null || row.provenance() == UsageRow.Provenance.NONE) {
            return new Charge.NoFigures();
        }
        return find(row.provider(), row.model(), at)
                .map(price -> charge(price, usage, at))
                .orElseGet(Charge.NoPrice::new);
    }

    private Charge charge(Price price, Usage usage, long at) {
        var parts = price.parts(usage);
        if (parts.isEmpty()) {
            return new Charge.NoFigures();
        }
        var applied =
                new Cost.Applied(name, price.model().text(), price.provider(), price.validFrom());
        var sum = parts.stream().map(Cost.Part::amount).reduce(Amount.ZERO, Amount::plus);
        return new Charge.Charged(new Cost(sum, price.currency(), at, parts, applied));
    }

    @Override
    public String toString() {
        return "PriceTable[name=" + name + ", prices=" + prices.size() + "]";
    }
}
