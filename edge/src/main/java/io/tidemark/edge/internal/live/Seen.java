package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;

/** A record of a stream as the tail saw it, before anybody judged whether it counts. */
sealed interface Seen {
    /** Offset of the record. */
    long offset();

    /** What it costs to keep, in bytes. */
    long cost();

    /** An event, encoded already. */
    record Event(EventHeaders headers, Frame frame) implements Seen {
        @Override
        public long offset() {
            return frame.offset();
        }

        @Override
        public long cost() {
            return frame.cost();
        }
    }

    /** A fence. */
    record Fence(Attempt attempt, long offset) implements Seen {
        @Override
        public long cost() {
            return Frame.OVERHEAD_BYTES;
        }
    }
}
