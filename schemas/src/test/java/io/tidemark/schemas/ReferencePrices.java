package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.PriceTable.Charge;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Section 8.5 of the protocol a second time, as slowly and plainly as it can be said: no order is
 * kept, every price is held against every other one, and money is counted in whole 10^-18.
 */
final class ReferencePrices {
    private static final List<List<UsageKind>> TOTALS =
            List.of(
                    List.of(
                            UsageKind.INPUT,
                            UsageKind.CACHED_INPUT,
                            UsageKind.CACHE_WRITE,
                            UsageKind.AUDIO_INPUT,
                            UsageKind.IMAGE_INPUT),
                    List.of(
                            UsageKind.OUTPUT,
                            UsageKind.REASONING,
                            UsageKind.AUDIO_OUTPUT,
                            UsageKind.IMAGE_OUTPUT));

    private final List<Price> prices;

    ReferencePrices(List<Price> prices) {
        this.prices = List.copyOf(prices);
    }

    void check(UsageRow row, long at, Charge charge) {
        var fitting =
                prices.stream()
                        .filter(price -> price.validFrom() <= at)
                        .filter(price ->
                                List.of("null", row.provider()).contains("" + price.provider()))
                        .filter(price -> row.model().matches(regex(price.model().text())))
                        .toList();
        var best =
                fitting.stream()
                        .filter(one -> fitting.stream().noneMatch(rival -> beats(rival, one)))
                        .toList();
        if (best.isEmpty()) {
            assertThat(charge).isEqualTo(new Charge.NoPrice());
            return;
        }
        assertThat(best).hasSize(1);
        var total = total(best.getFirst(), requireNonNull(row.usage()));
        if (charge instanceof Charge.Charged(var cost)) {
            assertThat(cost.price().model()).isEqualTo(best.getFirst().model().text());
            assertThat(cost.price().provider()).isEqualTo(best.getFirst().provider());
            assertThat(cost.price().validFrom()).isEqualTo(best.getFirst().validFrom());
            assertThat(cost.currency()).isEqualTo(best.getFirst().currency());
            assertThat(cost.amount().value().movePointRight(18).toBigIntegerExact())
                    .isEqualTo(total);
        } else {
            assertThat(charge).isEqualTo(new Charge.NoFigures());
            assertThat(total).isZero();
        }
    }

    private static String regex(String pattern) {
        return Stream.of(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
    }

    private static boolean beats(Price one, Price two) {
        if ((one.provider() == null) != (two.provider() == null)) {
            return one.provider() != null;
        }
        var a = one.model().text();
        var b = two.model().text();
        int literals = a.replace("*", "").length() - b.replace("*", "").length();
        if (literals != 0) {
            return literals > 0;
        }
        if (a.length() != b.length()) {
            return a.length() < b.length();
        }
        return a.equals(b) ? one.validFrom() > two.validFrom() : a.compareTo(b) < 0;
    }

    private static BigInteger total(Price price, Usage usage) {
        var sum = BigInteger.ZERO;
        for (var kinds : TOTALS) {
            var total = kinds.getFirst().of(usage);
            if (total == null) {
                continue;
            }
            /* Token after token, each to the first kind that still has some. */
            var left =
                    kinds.stream()
                            .collect(Collectors.toMap(it -> it, it -> held(price, it, usage)));
            for (int token = 0; token < total.intValue(); token++) {
                var kind =
                        kinds.stream()
                                .skip(1)
                                .filter(it -> left.getOrDefault(it, 0) > 0)
                                .findFirst()
                                .orElse(kinds.getFirst());
                left.merge(kind, -1, Integer::sum);
                sum = sum.add(atto(price, kind).divide(BigInteger.TEN.pow(6)));
            }
        }
        return sum.add(ofSeconds(price, usage));
    }

    private static int held(Price price, UsageKind kind, Usage usage) {
        var figure = kind.of(usage);
        return figure == null || !price.rates().containsKey(kind) ? 0 : figure.intValue();
    }

    private static BigInteger ofSeconds(Price price, Usage usage) {
        if (usage.audioSeconds() == null || !price.rates().containsKey(UsageKind.AUDIO_SECONDS)) {
            return BigInteger.ZERO;
        }
        long millis = Math.round(usage.audioSeconds() * 1_000);
        return atto(price, UsageKind.AUDIO_SECONDS)
                .multiply(BigInteger.valueOf(millis))
                .divide(BigInteger.valueOf(1_000));
    }

    private static BigInteger atto(Price price, UsageKind kind) {
        var rate = price.rates().get(kind);
        return (rate == null ? BigDecimal.ZERO : rate.value())
                .movePointRight(18)
                .toBigIntegerExact();
    }
}
