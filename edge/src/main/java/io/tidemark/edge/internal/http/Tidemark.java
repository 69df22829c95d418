package io.tidemark.edge.internal.http;

import java.util.OptionalLong;

/** The last sequence that a client says it has taken in. */
final class Tidemark {
    /** Largest sequence that JSON readers can tell from its neighbours. */
    static final long SEQUENCE_MAX = (1L << 53) - 1;

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String AFTER = "after";
    private static final String AFTER_TOO = "lastEventId";

    private Tidemark() {}

    /**
     * What a request says in {@code Last-Event-ID}, or in {@code ?after=} or {@code ?lastEventId=};
     * empty if it says nothing. The header wins: it is what the client really has, the parameters
     * stand in a URL that may be old.
     *
     * @throws ProblemException if any of them cannot be read, or the parameters disagree
     */
    static OptionalLong of(Call call) {
        var parameter = inQuery(call);
        var header = inHeader(call);
        return header.isPresent() ? header : parameter;
    }

    /** What it says in {@code Last-Event-ID}. */
    static OptionalLong inHeader(Call call) {
        var header = call.headers(LAST_EVENT_ID);
        if (header.size() > 1) {
            throw new ProblemException(
                    Problem.invalid(LAST_EVENT_ID, LAST_EVENT_ID + " may be given once"));
        }
        return header.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Call.number(LAST_EVENT_ID, header.getFirst(), 0, SEQUENCE_MAX));
    }

    /** What it says in the query. */
    static OptionalLong inQuery(Call call) {
        var after = call.number(AFTER, SEQUENCE_MAX);
        var afterToo = call.number(AFTER_TOO, SEQUENCE_MAX);
        if (after.isPresent() && afterToo.isPresent() && !after.equals(afterToo)) {
            throw new ProblemException(
                    Problem.invalid(AFTER_TOO, AFTER_TOO + " must say what " + AFTER + " says"));
        }
        return after.isPresent() ? after : afterToo;
    }
}
