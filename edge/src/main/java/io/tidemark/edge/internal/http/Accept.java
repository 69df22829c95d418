package io.tidemark.edge.internal.http;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The {@code Accept} header of a request, as far as the edge needs it (RFC 9110, section 12.5.1).
 * Without the header everything is accepted. Immutable.
 */
final class Accept {
    static final String JSON = "application/json";
    static final String EVENT_STREAM = "text/event-stream";
    static final String NDJSON = "application/x-ndjson";

    private record Range(String type, double quality) {}

    private final List<Range> ranges;

    private Accept(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** Reads all values of the header; what cannot be read accepts nothing. */
    static Accept of(Iterable<String> values) {
        var all = String.join(",", values);
        return all.isBlank()
                ? new Accept(List.of(new Range("*/*", 1)))
                : new Accept(List.of(all.split(",", -1)).stream().map(Accept::range).toList());
    }

    private static Range range(String text) {
        var parts = text.split(";", -1);
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                quality = number(parameter.substring(2));
            }
        }
        return new Range(parts[0].strip().toLowerCase(Locale.ROOT), quality);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether the client takes this type; the most specific range that speaks of it decides. */
    boolean allows(String type) {
        return quality(type) > 0;
    }

    /**
     * The type that the client likes best; of equals one that it names itself, and then the one
     * that is offered first. Empty if it takes none.
     */
    Optional<String> best(List<String> offered) {
        return offered.stream()
                .filter(this::allows)
                .max(
                        Comparator.comparingDouble(this::quality)
                                .thenComparing(type -> exactly(type).isPresent())
                                .thenComparingInt(type -> -offered.indexOf(type)));
    }

    /**
     * Whether the client would rather have the one, which it has to name itself, than the other.
     */
    boolean prefers(String named, String other) {
        var wish = exactly(named);
        return wish.isPresent() && wish.getAsDouble() > 0 && wish.getAsDouble() >= quality(other);
    }

    private double quality(String type) {
        var family = type.substring(0, type.indexOf('/')) + "/*";
        return exactly(type).orElseGet(() -> exactly(family).orElse(exactly("*/*").orElse(0)));
    }

    private OptionalDouble exactly(String type) {
        return ranges.stream()
                .filter(range -> range.type().equals(type))
                .mapToDouble(Range::quality)
                .findFirst();
    }
}
