package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a query asks for.
 *
 * @param minSequence sequence the answer holds if there is a wait, 0 by default
 * @param maxWait longest wait for it; none by default, and then the answer holds what there is
 */
record QueryParameters(StreamId id, long minSequence, Duration maxWait) {
    /** Longest wait, in milliseconds, inclusive. */
    static final long WAIT_MS_MAX = 10_000;

    private static final String MIN_SEQUENCE = "minSequence";
    private static final String WAIT_MS = "waitMs";

    /**
     * Reads a query.
     *
     * @param id last part of the path
     * @param rawQuery what follows the question mark; null for nothing
     * @throws BadQueryException if something of it cannot be
     */
    static QueryParameters of(String id, @Nullable String rawQuery) {
        var given = split(rawQuery);
        long minSequence = number(given, MIN_SEQUENCE, Long.MAX_VALUE);
        long waitMs = number(given, WAIT_MS, WAIT_MS_MAX);
        return new QueryParameters(id(id), minSequence, Duration.ofMillis(waitMs));
    }

    private static StreamId id(String text) {
        try {
            return StreamId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException("id", String.valueOf(e.getMessage()), null);
        }
    }

    private static Map<String, String> split(@Nullable String rawQuery) {
        var given = new HashMap<String, String>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return given;
        }
        for (var pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.equals(MIN_SEQUENCE) && !name.equals(WAIT_MS)) {
                throw new BadQueryException(
                        "query", "an unknown parameter", MIN_SEQUENCE + ", " + WAIT_MS);
            }
            if (given.put(name, equals < 0 ? "" : pair.substring(equals + 1)) != null) {
                throw new BadQueryException(name, "given twice", "once");
            }
        }
        return given;
    }

    private static long number(Map<String, String> given, String name, long max) {
        var text = given.getOrDefault(name, "0");
        var allowed = "a whole number from 0 to " + max;
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BadQueryException(name, "not a number", allowed);
        }
        throw new BadQueryException(name, "out of range", allowed);
    }
}
