package io.tidemark.faults;

import io.tidemark.schemas.UsageKind;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tokens by kind; a kind of which nothing was reported is not there, which is not zero. Immutable.
 */
record TokenSums(Map<UsageKind, Long> byKind) {
    static final TokenSums NONE = new TokenSums(Map.of());

    TokenSums {
        byKind = Map.copyOf(byKind);
    }

    /** The figures that something has. */
    static TokenSums of(Function<UsageKind, @Nullable BigDecimal> figure) {
        var figures = new EnumMap<UsageKind, Long>(UsageKind.class);
        for (var kind : UsageKind.values()) {
            var tokens = figure.apply(kind);
            if (tokens != null) {
                figures.put(kind, tokens.longValueExact());
            }
        }
        return new TokenSums(figures);
    }

    TokenSums plus(TokenSums other) {
        var sums = new EnumMap<UsageKind, Long>(UsageKind.class);
        sums.putAll(byKind);
        other.byKind.forEach((kind, tokens) -> sums.merge(kind, tokens, Math::addExact));
        return new TokenSums(sums);
    }

    /** By their names on the wire. */
    SortedMap<String, Long> named() {
        var named = new TreeMap<String, Long>();
        byKind.forEach((kind, tokens) -> named.put(kind.wire(), tokens));
        return named;
    }

    /** In one line. */
    String shown() {
        return named().toString();
    }
}
