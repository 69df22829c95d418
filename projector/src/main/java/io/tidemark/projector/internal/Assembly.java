package io.tidemark.projector.internal;

import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import java.util.Optional;

/**
 * One pass over the pieces of a stream, folded. The result depends on the pieces alone. Confined to
 * one thread.
 */
final class Assembly {
    private final long end;
    private final Shapes shapes;
    private final LogFold fold;

    /**
     * An empty pass.
     *
     * @param end sequence to stop before, so that a query sees one moment of a stream that goes on
     * @param shapes those of the stream, at least as many as it had at that moment
     */
    Assembly(StreamId id, long end, Shapes shapes) {
        this.end = end;
        this.shapes = shapes;
        this.fold = new LogFold(id);
    }

    /** Adds the next piece. */
    void add(byte[] piece) {
        Piece.visit(piece, shapes, this::add);
    }

    private boolean add(long sequence, int attempt, byte[] json) {
        if (sequence >= end) {
            return false;
        }
        fold.add(sequence, attempt, json);
        return sequence + 1 < end;
    }

    /** The response so far; empty if no event can be read. */
    Optional<Response> response() {
        return fold.response();
    }

    /** The ledger row; empty before the terminal event. */
    Optional<UsageRow> usageRow() {
        return fold.usageRow();
    }

    /** How many sequences the pieces hold, readable or not. */
    long seen() {
        return fold.events() + fold.unreadable();
    }

    /** How many events were folded. */
    long events() {
        return fold.events();
    }

    /** How many values were no event of this stream. */
    long unreadable() {
        return fold.unreadable();
    }
}
