package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody;

/**
 * What a normaliser says: one event without its stream, sequence and time, which the one writer of
 * the stream assigns. Immutable.
 *
 * @param placement where in the response it belongs
 * @param body what it says
 */
public record Draft(Placement placement, EventBody body) {
    public Draft {
        requireNonNull(placement, "placement");
        requireNonNull(body, "body");
    }

    /** An event that speaks of the stream as a whole. */
    public static Draft of(EventBody body) {
        return new Draft(Placement.NONE, body);
    }

    /** Whether it is part of the answer; see {@link #content(EventBody)}. */
    public boolean content() {
        return content(body);
    }

    /**
     * Whether an event is part of the answer, rather than about the stream itself, a report beside
     * the answer (what a filter found in the prompt), or passed on without being understood: once
     * there is content, a stream is not tried again, and its failure is partial.
     */
    public static boolean content(EventBody body) {
        return !(body instanceof LifecycleBody) && !(body instanceof ReportBody);
    }

    /** Whether nothing may follow it. */
    public boolean terminal() {
        return body.terminal();
    }
}
