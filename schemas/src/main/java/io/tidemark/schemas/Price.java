package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a provider's models cost from some instant on (section 8.5 of the protocol). Immutable.
 *
 * @param model the models it is for
 * @param provider name of the configured provider it is for; absent for any
 * @param currency of its rates, three capital letters of ISO 4217
 * @param validFrom first millisecond of the log at which it holds, epoch milliseconds
 * @param rates in the currency for a million tokens of a kind, or one second of audio; 0 where a
 *     kind is free. Holds {@code input} and {@code output}, or {@code audioSeconds}, and no part of
 *     a total without the total
 */
public record Price(
        ModelPattern model,
        @Nullable String provider,
        String currency,
        long validFrom,
        Map<UsageKind, Amount> rates) {
    /** Longest name of a provider, in characters. */
    public static final int PROVIDER_CHARS_MAX = 64;

    /** Most decimals of a rate. */
    public static final int RATE_DECIMALS_MAX = 12;

    /** What a rate stays below. */
    public static final BigDecimal RATE_LIMIT = BigDecimal.TEN.pow(9);

    /** Those that count before others first. */
    static final Comparator<Price> PRECEDENCE =
            Comparator.comparing((Price price) -> price.provider() == null)
                    .thenComparing(Price::model, ModelPattern.MOST_SPECIFIC_FIRST)
                    .thenComparing(Comparator.comparingLong(Price::validFrom).reversed());

    public Price {
        requireNonNull(model, "model");
        if (provider != null && (provider.isBlank() || provider.length() > PROVIDER_CHARS_MAX)) {
            throw new FieldException(
                    "provider",
                    "must have 1 to %d characters, had %d"
                            .formatted(PROVIDER_CHARS_MAX, provider.length()));
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new FieldException("currency", "must be three capital letters of ISO 4217");
        }
        rates = Map.copyOf(rates);
        requireSound(rates);
    }

    private static void requireSound(Map<UsageKind, Amount> rates) {
        rates.forEach((kind, rate) -> {
            boolean allowed =
                    kind.rated()
                            && rate.value().scale() <= RATE_DECIMALS_MAX
                            && rate.value().compareTo(RATE_LIMIT) < 0;
            if (!allowed) {
                throw new FieldException(
                        kind.wire(),
                        "must be a kind that has rates, below 10^9 and with at most %d decimals, was %s"
                                .formatted(RATE_DECIMALS_MAX, rate));
            }
        });
        var missing = missing(rates.keySet());
        if (!missing.isEmpty()) {
            throw new FieldException(
                    missing.getFirst().wire(), "must be given, 0 where it is free");
        }
    }

    /** What rates lack that has to be there, for what would be charged for nothing otherwise. */
    public static List<UsageKind> missing(java.util.Set<UsageKind> given) {
        boolean tokens =
                !given.contains(UsageKind.AUDIO_SECONDS)
                        || given.stream().anyMatch(kind -> kind != UsageKind.AUDIO_SECONDS);
        return !tokens
                ? List.of()
                : List.of(UsageKind.INPUT, UsageKind.OUTPUT).stream()
                        .filter(total -> !given.contains(total))
                        .toList();
    }

    /** Whether it is a price of that provider's model at that time of the log. */
    boolean fits(String servedBy, String servedModel, long at) {
        return validFrom <= at
                && (provider == null || provider.equals(servedBy))
                && model.fits(servedModel);
    }

    /** What is charged of some usage, in the order of the kinds; empty if nothing can be. */
    List<Cost.Part> parts(Usage usage) {
        var parts = new EnumMap<UsageKind, Cost.Part>(UsageKind.class);
        for (var kind : UsageKind.values()) {
            var reported = kind.total() == null && kind.rated() ? kind.of(usage) : null;
            if (reported != null && rates.containsKey(kind)) {
                var rest = reported.subtract(takeOut(kind, reported, usage, parts));
                parts.put(kind, part(kind, rest));
            }
        }
        return new ArrayList<>(parts.values());
    }

    private BigDecimal takeOut(
            UsageKind total, BigDecimal reported, Usage usage, Map<UsageKind, Cost.Part> parts) {
        var left = reported;
        for (var kind : UsageKind.values()) {
            var figure = kind.total() == total && rates.containsKey(kind) ? kind.of(usage) : null;
            if (figure != null && figure.signum() > 0 && left.signum() > 0) {
                var taken = figure.min(left);
                parts.put(kind, part(kind, taken));
                left = left.subtract(taken);
            }
        }
        return reported.subtract(left);
    }

    private Cost.Part part(UsageKind kind, BigDecimal quantity) {
        var rate = requireNonNull(rates.get(kind));
        return new Cost.Part(kind.wire(), quantity, rate, kind.costOf(quantity, rate));
    }
}
