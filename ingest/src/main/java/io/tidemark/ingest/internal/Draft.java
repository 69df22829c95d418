package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.Placement;

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

    /** Whether nothing may follow it. */
    public boolean terminal() {
        return body.terminal();
    }
}
