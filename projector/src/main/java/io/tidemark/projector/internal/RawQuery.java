package io.tidemark.projector.internal;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The query of a URI, taken apart: each parameter at most once, and no unknown one. Immutable.
 *
 * @param given values by name, decoded
 */
record RawQuery(Map<String, String> given) {
    RawQuery {
        given = Map.copyOf(given);
    }

    /**
     * Reads a query.
     *
     * @param text what follows the question mark of a URI; null for nothing
     * @param names the parameters there are
     * @throws BadQueryException if it is no list of these
     */
    static RawQuery of(@Nullable String text, List<String> names) {
        var given = new HashMap<String, String>();
        if (text == null || text.isEmpty()) {
            return new RawQuery(given);
        }
        for (var pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            if (!names.contains(name)) {
                throw new BadQueryException(
                        "query", "an unknown parameter", String.join(", ", names));
            }
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            if (given.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8)) != null) {
                throw new BadQueryException(name, "given twice", "once");
            }
        }
        return new RawQuery(given);
    }

    /** The text of a parameter. */
    Optional<String> text(String name) {
        return Optional.ofNullable(given.get(name));
    }

    /**
     * The whole number of a parameter.
     *
     * @param orElse the number if there is no such parameter
     * @throws BadQueryException if it is none, or not {@code min} to {@code max}, inclusive
     */
    long number(String name, long min, long max, long orElse) {
        var text = given.get(name);
        if (text == null) {
            return orElse;
        }
        var allowed = "a whole number from " + min + " to " + max;
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BadQueryException(name, "not a number", allowed);
        }
        throw new BadQueryException(name, "out of range", allowed);
    }
}
