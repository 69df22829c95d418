package io.tidemark.projector.internal;

import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * One pass over the pieces of a stream, folded. What is missing shows in the response as a warning
 * {@value #EVENTS_MISSING}: sequences the log no longer holds, and values that are no event of this
 * stream. The result depends on the pieces alone. Confined to one thread.
 */
final class Assembly {
    /** Code of the warning in a response of which events are missing. */
    static final String EVENTS_MISSING = "events_missing";

    private final StreamId id;
    private final long end;
    private final ResponseFold fold = new ResponseFold();
    private long next;
    private long events;
    private long unreadable;

    /**
     * An empty pass.
     *
     * @param end sequence to stop before, so that a query sees one moment of a stream that goes on
     */
    Assembly(StreamId id, long end) {
        this.id = id;
        this.end = end;
    }

    /** Adds the next piece. */
    void add(byte[] piece) {
        Piece.visit(piece, this::add);
    }

    private void add(long sequence, int attempt, byte[] json) {
        if (sequence >= end) {
            return;
        }
        var event = decode(sequence, json);
        if (event == null) {
            unreadable++;
            return;
        }
        if (sequence > next) {
            fold.add(attempt, missingBefore(event));
        }
        fold.add(attempt, event);
        next = sequence + 1;
        events++;
    }

    private @Nullable StreamEvent decode(long sequence, byte[] json) {
        try {
            var event = EventCodec.decode(json);
            boolean ours = event.requestId().equals(id) && event.sequence() == sequence;
            return ours ? event : null;
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    private StreamEvent missingBefore(StreamEvent event) {
        var warning = new Warning(EVENTS_MISSING, "events are missing from the log", null);
        return new StreamEvent(id, event.sequence() - 1, event.at(), Placement.NONE, warning);
    }

    /** The response so far; empty if no event can be read. */
    Optional<Response> response() {
        return fold.response();
    }

    /** The ledger row; empty before the terminal event. */
    Optional<UsageRow> usageRow() {
        return fold.usageRow();
    }

    /** How many events were folded. */
    long events() {
        return events;
    }

    /** How many values were no event of this stream. */
    long unreadable() {
        return unreadable;
    }
}
