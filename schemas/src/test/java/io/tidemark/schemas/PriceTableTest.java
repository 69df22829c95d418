package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.PriceTable.Charge;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class PriceTableTest {
    private static final long NOW = 1_795_185_601_100L;
    private static final String CENT_A_TOKEN = "10000";

    @Test
    void chargesEachTokenOnceInTheKindThatHasARate() {
        var price =
                price("*", Map.of("input", "3", "cachedInput", "0.3", "cacheWrite", "3.75"), "15");

        var cost = cost(price, Rows.usage(1_000L, 200L, 600L, 100L, 150L));

        assertThat(cost.parts())
                .containsExactly(
                        part("input", 300, "3", "0.0009"),
                        part("cachedInput", 600, "0.3", "0.00018"),
                        part("cacheWrite", 100, "3.75", "0.000375"),
                        part("output", 200, "15", "0.003"));
        assertThat(cost.amount()).isEqualTo(Amount.parse("0.004455"));
    }

    @Test
    void takesAReasoningRateOutOfTheOutput() {
        var price = price("*", Map.of("input", "1", "reasoning", "20"), "10");

        assertThat(cost(price, Rows.usage(0L, 200L, null, null, 150L)).parts())
                .containsExactly(
                        part("input", 0, "1", "0"),
                        part("output", 50, "10", "0.0005"),
                        part("reasoning", 150, "20", "0.003"));
    }

    @Test
    void chargesNoMoreCachedTokensThanThereIsInput() {
        var price = price("*", Map.of("input", "3", "cachedInput", "1", "cacheWrite", "4"), "15");

        assertThat(cost(price, Rows.usage(100L, 0L, 80L, 50L, null)).parts())
                .containsExactly(
                        part("input", 0, "3", "0"),
                        part("cachedInput", 80, "1", "0.00008"),
                        part("cacheWrite", 20, "4", "0.00008"),
                        part("output", 0, "15", "0"));
    }

    @Test
    void chargesNothingOfATotalThatWasNotReported() {
        var price = price("*", Map.of("input", "3", "cachedInput", "1"), "15");

        assertThat(cost(price, Rows.usage(null, 10L, 80L, null, null)).parts())
                .containsExactly(part("output", 10, "15", "0.00015"));
        assertThat(table(price).charge(row(Rows.usage(null, null, 80L, null, 5L)), NOW))
                .isEqualTo(new Charge.NoFigures());
    }

    @Test
    void isExactForHugeCountsAndSmallRates() {
        var price = price("*", Map.of("input", "0.000000000001"), "999999999.999999999999");

        var cost = cost(price, Rows.tokens(1L, Long.MAX_VALUE));

        assertThat(cost.amount().value())
                .isEqualByComparingTo(
                        new BigDecimal("999999999.999999999999")
                                .multiply(BigDecimal.valueOf(Long.MAX_VALUE))
                                .movePointLeft(6)
                                .add(new BigDecimal("0.000000000000000001")));
    }

    @Test
    void saysThatAFreeModelCostsNothing() {
        assertThat(cost(price("*", Map.of("input", "0"), "0"), Rows.tokens(5L, 5L)).amount())
                .isEqualTo(Amount.ZERO);
    }

    @Test
    void chargesSecondsOfAudioToTheMillisecond() {
        var price = price("whisper*", Map.of("audioSeconds", "0.0001"), null);
        var table = table(price);

        var charged = table.charge(Rows.of("openai", "whisper-1", Rows.seconds(12.3456)), NOW);

        assertThat(((Charge.Charged) charged).cost().parts())
                .containsExactly(
                        new Cost.Part(
                                "audioSeconds",
                                new BigDecimal("12.346"),
                                Amount.parse("0.0001"),
                                Amount.parse("0.0012346")));
        assertThat(table.charge(Rows.of("openai", "whisper-1", Rows.seconds(1e300)), NOW))
                .isEqualTo(new Charge.NoFigures());
    }

    @Test
    void hasNoCostForWhatNoPriceFits() {
        var table = table(price("gpt-*", Map.of("input", "1"), "1"));

        assertThat(table.charge(Rows.of("openai", "o3", Rows.tokens(1L, 1L)), NOW))
                .isEqualTo(new Charge.NoPrice());
        assertThat(PriceTable.NONE.charge(row(Rows.tokens(1L, 1L)), NOW))
                .isEqualTo(new Charge.NoPrice());
    }

    @Test
    void hasNoCostForWhatNothingIsKnownOf() {
        var table = table(price("*", Map.of("input", "1"), "1"));
        var known = row(Rows.tokens(1L, 1L));

        assertThat(table.charge(row(null), NOW)).isEqualTo(new Charge.NoFigures());
        assertThat(table.charge(Rows.with(known, Provenance.NONE), NOW))
                .isEqualTo(new Charge.NoFigures());
        assertThat(table.charge(Rows.with(known, Provenance.PARTIAL), NOW))
                .isInstanceOf(Charge.Charged.class);
    }

    @Test
    void holdsFromTheMillisecondAtWhichItIsValid() {
        var old = priced("gpt-5", null, NOW - 1_000, "1");
        var young = priced("gpt-5", null, NOW, "2");

        assertThat(table(old, young).find("openai", "gpt-5", NOW - 1)).contains(old);
        assertThat(table(young, old).find("openai", "gpt-5", NOW)).contains(young);
        assertThat(table(young, old).find("openai", "gpt-5", NOW - 1_001)).isEmpty();
    }

    @Test
    void prefersTheProvidersOwnThenWhatSaysMostThenTheLatest() {
        var any = priced("*", null, NOW - 1, "1");
        var exact = priced("gpt-5", null, NOW - 9, "2");
        var wide = priced("gpt*", null, NOW, "3");
        var own = priced("*", "azure", NOW - 9, "4");
        var ownLater = priced("*", "azure", NOW - 5, "5");
        var later = priced("gpt-5", "azure", NOW + 1, "6");
        var table = table(wide, ownLater, any, exact, later, own);

        assertThat(table.find("azure", "gpt-5", NOW)).contains(ownLater);
        assertThat(table.find("azure", "gpt-5", NOW - 6)).contains(own);
        assertThat(table.find("azure", "gpt-5", NOW + 1)).contains(later);
        assertThat(table.find("openai", "gpt-5", NOW)).contains(exact);
        assertThat(table.find("openai", "gpt-6", NOW)).contains(wide);
        assertThat(table.find("openai", "gpt-6", NOW - 1)).contains(any);
    }

    @Test
    void chargesTheModelThatServedAndNotTheOneAskedFor() {
        var row = row(Rows.tokens(1L, 1L));
        var table = table(priced("gpt-5", null, 0, "1"));

        assertThat(table.charge(row, NOW)).isInstanceOf(Charge.Charged.class);
        assertThat(table.charge(Rows.of("openai", "gpt-5-mini", row.usage()), NOW))
                .isEqualTo(new Charge.NoPrice());
    }

    @Test
    void saysWhichPriceItWasAndWhen() {
        var cost = cost(priced("gpt-*", "openai", NOW - 5, "1"), Rows.tokens(1L, 1L));

        assertThat(cost)
                .returns(NOW, Cost::at)
                .returns("USD", Cost::currency)
                .returns(new Cost.Applied("list", "gpt-*", "openai", NOW - 5), Cost::price);
    }

    @Test
    void doesNotDependOnTheOrderOfItsEntriesAndIsWhatTheRuleSays() {
        Seeds.randomly(
                500,
                random -> {
                    var prices = new ArrayList<>(anyPrices(random));
                    var table = new PriceTable("list", prices);
                    var reference = new ReferencePrices(prices);
                    java.util.Collections.shuffle(prices, random);
                    var shuffled = new PriceTable("list", prices);
                    for (int i = 0; i < 20; i++) {
                        var row = anyRow(random);
                        long at = random.nextInt(6);

                        var charge = table.charge(row, at);

                        assertThat(shuffled.charge(row, at)).isEqualTo(charge);
                        reference.check(row, at, charge);
                    }
                });
    }

    private static List<Price> anyPrices(Random random) {
        var models = List.of("*", "a*", "*b", "a*b", "ab", "a", "**b");
        return Stream.generate(() ->
                        new Price(
                                new ModelPattern(any(random, models)),
                                any(random, List.of("", "x", "y"))
                                        .transform(it -> it.isEmpty() ? null : it),
                                any(random, List.of("USD", "EUR")),
                                random.nextInt(6),
                                anyRates(random)))
                .limit(12)
                .collect(
                        java.util.stream.Collectors.toMap(
                                it -> List.of(it.model(), "" + it.provider(), it.validFrom()),
                                it -> it,
                                (one, _) -> one))
                .values()
                .stream()
                .toList();
    }

    private static Map<UsageKind, Amount> anyRates(Random random) {
        var rates = new EnumMap<UsageKind, Amount>(UsageKind.class);
        for (var kind : UsageKind.values()) {
            boolean total = kind == UsageKind.INPUT || kind == UsageKind.OUTPUT;
            if (kind.rated() && (total || random.nextBoolean())) {
                rates.put(kind, new Amount(BigDecimal.valueOf(random.nextInt(1_000), 3)));
            }
        }
        return rates;
    }

    private static UsageRow anyRow(Random random) {
        var usage =
                new Usage(
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        anyTokens(random),
                        random.nextBoolean() ? null : random.nextDouble(),
                        null,
                        null);
        var model = any(random, List.of("ab", "a", "b", "axb", "c"));
        return Rows.of(any(random, List.of("x", "y", "z")), model, usage);
    }

    private static @Nullable Long anyTokens(Random random) {
        return random.nextInt(4) == 0 ? null : Long.valueOf(random.nextInt(50));
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    @Test
    void refusesTwoPricesOfOneInstant() {
        var one = priced("gpt-5", null, NOW, "1");
        var two = priced("gpt-5", null, NOW, "2");

        assertThatThrownBy(() -> table(one, two))
                .hasMessage("prices must not hold two of one instant for gpt-5");
        assertThat(table(one, priced("gpt-5", "openai", NOW, "2")).prices()).hasSize(2);
    }

    @Test
    void refusesRatesThatWouldChargeNothingForSomething() {
        assertThatThrownBy(() -> price("*", Map.of("cachedInput", "1"), "1"))
                .hasMessage("input must be given, 0 where it is free");
        assertThatThrownBy(() -> price("*", Map.of("input", "1"), null))
                .hasMessage("output must be given, 0 where it is free");
        assertThatThrownBy(() -> price("*", Map.of("input", "1", "audioSeconds", "1"), null))
                .hasMessage("output must be given, 0 where it is free");
        assertThatThrownBy(() -> price("*", Map.of("input", "1", "total", "1"), "1"))
                .hasMessageStartingWith("total must be a kind that has rates");
        assertThatThrownBy(() -> price("*", Map.of("input", "1000000000"), "1"))
                .hasMessageStartingWith("input must be")
                .hasMessageContaining("below 10^9");
        assertThatThrownBy(() -> price("*", Map.of("input", "0.0000000000001"), "1"))
                .hasMessageStartingWith("input must be")
                .hasMessageContaining("12 decimals");
    }

    @Test
    void isANameAndABoundedNumberOfPrices() {
        assertThatThrownBy(() -> new PriceTable("two words", List.of()))
                .hasMessageStartingWith("name must match");
        var price = priced("*", null, 0, CENT_A_TOKEN);
        assertThatThrownBy(() ->
                        new PriceTable(
                                "list",
                                java.util.Collections.nCopies(PriceTable.PRICES_MAX + 1, price)))
                .hasMessage("prices must be 0 to 2000, was 2001");
    }

    private static Cost cost(Price price, Usage usage) {
        var charge = table(price).charge(row(usage), NOW);
        assertThat(charge).isInstanceOf(Charge.Charged.class);
        return ((Charge.Charged) charge).cost();
    }

    private static UsageRow row(@Nullable Usage usage) {
        return Rows.of("openai", "gpt-5", usage);
    }

    private static PriceTable table(Price... prices) {
        return new PriceTable("list", List.of(prices));
    }

    private static Price priced(String model, @Nullable String provider, long from, String rate) {
        return new Price(
                new ModelPattern(model),
                provider,
                "USD",
                from,
                Map.of(
                        UsageKind.INPUT, Amount.parse(rate),
                        UsageKind.OUTPUT, Amount.parse(rate)));
    }

    private static Price price(String model, Map<String, String> rates, @Nullable String output) {
        var all = new EnumMap<UsageKind, Amount>(UsageKind.class);
        rates.forEach(
                (kind, rate) -> all.put(UsageKind.named(kind).orElseThrow(), Amount.parse(rate)));
        if (output != null) {
            all.put(UsageKind.OUTPUT, Amount.parse(output));
        }
        return new Price(new ModelPattern(model), null, "USD", 0, all);
    }

    private static Cost.Part part(String kind, long quantity, String rate, String amount) {
        return new Cost.Part(
                kind, BigDecimal.valueOf(quantity), Amount.parse(rate), Amount.parse(amount));
    }
}
