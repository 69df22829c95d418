package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Shape;
import io.tidemark.edge.internal.live.Types;

import java.time.Duration;

/**
 * What a request for events says in its query beside where they begin ({@code docs/protocol.md},
 * sections 9.10 to 9.12). Immutable.
 *
 * @param shape which events, and how
 * @param page how many of them, where the response is a page
 */
record Wish(Shape shape, Page page) {
    /** Longest time that a client may wait for the first event of a page. */
    static final Duration WAIT_MAX = Duration.ofSeconds(30);

    /**
     * The bounds of a page.
     *
     * @param patience how long the client waits for the first event
     */
    record Page(int eventsMax, Duration patience) {}

    /**
     * Reads the query.
     *
     * @throws ProblemException if a part of it cannot be used
     */
    static Wish of(Call call) {
        var batch = Duration.ofMillis(call.number("batch", Shape.BATCH_MAX.toMillis()).orElse(0));
        return new Wish(new Shape(types(call), batch, null), page(call));
    }

    private static Types types(Call call) {
        var text = call.parameter("types");
        try {
            return text.map(Types::parse).orElse(Types.ALL);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.invalid("types", String.valueOf(e.getMessage())));
        }
    }

    private static Page page(Call call) {
        long wait = call.number("wait", WAIT_MAX.toMillis()).orElse(0);
        long limit = call.number("limit", 1, Shape.PAGE_EVENTS_MAX).orElse(Shape.PAGE_EVENTS_MAX);
        return new Page((int) limit, Duration.ofMillis(wait));
    }

    Wish with(Shape other) {
        return new Wish(other, page);
    }
}
