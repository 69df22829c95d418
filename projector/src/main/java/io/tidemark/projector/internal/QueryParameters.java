package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

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
        var given = RawQuery.of(rawQuery, List.of(MIN_SEQUENCE, WAIT_MS));
        long minSequence = given.number(MIN_SEQUENCE, 0, Long.MAX_VALUE, 0);
        long waitMs = given.number(WAIT_MS, 0, WAIT_MS_MAX, 0);
        return new QueryParameters(id(id), minSequence, Duration.ofMillis(waitMs));
    }

    private static StreamId id(String text) {
        try {
            return StreamId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException("id", String.valueOf(e.getMessage()), null);
        }
    }

    /** The same with another wait. */
    QueryParameters waiting(Duration other) {
        return new QueryParameters(id, minSequence, other);
    }

    /** The path and query that ask for the same. */
    String resource() {
        return "/v1/responses/%s?%s=%d&%s=%d"
                .formatted(id, MIN_SEQUENCE, minSequence, WAIT_MS, maxWait.toMillis());
    }
}
