package io.tidemark.standalone.settings;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.Amount;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.Price;
import io.tidemark.schemas.UsageKind;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One entry of a {@link PriceFile}, all of whose problems are told. Confined to one thread. */
final class PriceEntry {
    static final String VALID_FROM = "valid-from";

    private static final String MODEL = "model";
    private static final String PROVIDER = "provider";
    private static final String CURRENCY = "currency";

    /** Per million tokens, and for one second of audio. */
    private static final String AUDIO_SECOND = "audio-second";

    private static final Map<String, UsageKind> RATES = rates();
    private static final Set<String> FIELDS = fields();
    private static final Set<String> CURRENCIES = currencies();

    private final String place;
    private final JsonNode entry;
    private final List<String> problems;
    private final int problemsBefore;

    /**
     * An entry.
     *
     * @param place what to call it
     * @param problems where to tell what is wrong
     */
    PriceEntry(String place, JsonNode entry, List<String> problems) {
        this.place = place;
        this.entry = entry;
        this.problems = problems;
        this.problemsBefore = problems.size();
    }

    private static Map<String, UsageKind> rates() {
        var rates = new TreeMap<String, UsageKind>();
        Arrays.stream(UsageKind.values())
                .filter(UsageKind::rated)
                .forEach(kind -> rates.put(field(kind), kind));
        return rates;
    }

    private static String field(UsageKind kind) {
        return kind == UsageKind.AUDIO_SECONDS
                ? AUDIO_SECOND
                : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Set<String> fields() {
        var fields = new TreeSet<>(RATES.keySet());
        fields.addAll(List.of(MODEL, PROVIDER, CURRENCY, VALID_FROM));
        return fields;
    }

    private static Set<String> currencies() {
        var codes = new TreeSet<String>();
        Currency.getAvailableCurrencies().forEach(it -> codes.add(it.getCurrencyCode()));
        return codes;
    }

    /** The price; empty if something is wrong with it, which has been told then. */
    Optional<Price> read() {
        if (!entry.isObject()) {
            problem("", "must have the fields " + FIELDS, entry);
            return Optional.empty();
        }
        requireKnown(entry, place + ".", FIELDS, problems);
        var model = model();
        var provider = provider();
        var currency = currency();
        var validFrom = validFrom();
        var rates = readRates();
        return problems.size() > problemsBefore
                        || model == null
                        || currency == null
                        || validFrom == null
                ? Optional.empty()
                : Optional.of(
                        new Price(model, provider, currency, validFrom.toEpochMilli(), rates));
    }

    /** Tells of each field that nobody reads, with the one that may have been meant. */
    static void requireKnown(
            JsonNode object, String prefix, Set<String> known, List<String> problems) {
        object.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        problems.add(
                                "%s%s is no field, did you mean %s? There are %s"
                                        .formatted(
                                                prefix,
                                                name,
                                                nearest(name, known),
                                                new TreeSet<>(known)));
                    }
                });
    }

    private static String nearest(String name, Set<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String it) -> Spelling.distance(name, it))
                                .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private @Nullable ModelPattern model() {
        var text = text(MODEL, "a name of models, in which * stands for anything");
        try {
            return text == null ? null : new ModelPattern(text);
        } catch (IllegalArgumentException e) {
            problem(MODEL, "must have 1 to %d characters".formatted(ModelPattern.CHARS_MAX), text);
            return null;
        }
    }

    private @Nullable String provider() {
        if (!entry.has(PROVIDER)) {
            return null;
        }
        var text = text(PROVIDER, "the name of a provider");
        if (text != null && !text.matches("[a-z][a-z0-9-]{0,62}")) {
            problem(
                    PROVIDER,
                    "must be 1 to 63 lower-case letters, digits and dashes, the first a letter",
                    text);
        }
        return text;
    }

    private @Nullable String currency() {
        var text = text(CURRENCY, "a code of ISO 4217 such as USD");
        if (text != null && !CURRENCIES.contains(text)) {
            problem(CURRENCY, "must be a code of ISO 4217 such as USD", text);
        }
        return text;
    }

    private @Nullable Instant validFrom() {
        var allowed = "must be an instant such as 2026-11-01T00:00:00Z, in whole milliseconds";
        var text = text(VALID_FROM, "an instant such as 2026-11-01T00:00:00Z");
        try {
            var instant = text == null ? null : Instant.parse(text);
            if (instant != null && !Instant.ofEpochMilli(instant.toEpochMilli()).equals(instant)) {
                problem(VALID_FROM, allowed, text);
            }
            return instant;
        } catch (DateTimeException | ArithmeticException e) {
            problem(VALID_FROM, allowed, text);
            return null;
        }
    }

    private Map<UsageKind, Amount> readRates() {
        var rates = new EnumMap<UsageKind, Amount>(UsageKind.class);
        RATES.forEach((field, kind) -> {
            if (entry.has(field)) {
                /* A rate that is wrong is there nevertheless: it is not missing as well. */
                rates.put(kind, rate(field));
            }
        });
        for (var kind : Price.missing(rates.keySet())) {
            problem(field(kind), "must be given, 0 where it is free", entry.path(field(kind)));
        }
        return rates;
    }

    private Amount rate(String field) {
        var allowed =
                "must be a decimal from 0 to below 10^9 with at most %d decimals, such as 1.25"
                        .formatted(Price.RATE_DECIMALS_MAX);
        try {
            var rate = Amount.parse(entry.path(field).asText("none"));
            if (rate.value().scale() <= Price.RATE_DECIMALS_MAX
                    && rate.value().compareTo(Price.RATE_LIMIT) < 0) {
                return rate;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as what is too large.
        }
        problem(field, allowed, entry.path(field));
        return Amount.ZERO;
    }

    private @Nullable String text(String field, String what) {
        var value = entry.path(field);
        if (value.isTextual()) {
            return value.asText();
        }
        problem(field, "must be " + what, value);
        return null;
    }

    private void problem(String field, String allowed, JsonNode found) {
        problems.add("%s %s, %s".formatted(at(field), allowed, shown(found)));
    }

    private void problem(String field, String allowed, @Nullable String found) {
        problems.add("%s %s, was '%s'".formatted(at(field), allowed, found));
    }

    private String at(String field) {
        return field.isEmpty() ? place : place + "." + field;
    }

    /** What was found, for a person. */
    static String shown(JsonNode found) {
        return switch (found.getNodeType()) {
            case MISSING -> "was not there";
            case NULL -> "was empty";
            case ARRAY -> "was a list";
            case OBJECT -> "was a map";
            default -> "was '" + found.asText() + "'";
        };
    }
}
