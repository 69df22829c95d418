package io.tidemark.edge.internal.http;

import java.util.OptionalLong;

/** The last sequence that a client says it has taken in. */
final class Tidemark {
    /** Largest sequence that JSON readers can tell from its neighbours. */
    static final long SEQUENCE_MAX = (1L << 53) - 1;

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private Tidemark() {}

    /**
     * What a request says in {@code Last-Event-ID} or {@code ?after=}; empty if it says nothing.
     * The header wins: it is what the client really has, the parameter stands in a URL that may be
     * old.
     *
     * @throws ProblemException if either cannot be read
     */
    static OptionalLong of(Call call) {
        var header = call.headers(LAST_EVENT_ID);
        if (header.size() > 1) {
            throw new ProblemException(
                    Problem.invalid(LAST_EVENT_ID, LAST_EVENT_ID + " may be given once"));
        }
        var after = call.number("after", SEQUENCE_MAX);
        return header.isEmpty()
                ? after
                : OptionalLong.of(Call.number(LAST_EVENT_ID, header.getFirst(), SEQUENCE_MAX));
    }
}
