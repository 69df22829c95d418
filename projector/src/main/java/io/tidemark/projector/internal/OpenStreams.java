package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one partition that have no result yet: their progress and their pieces.
 *
 * <p>Work per event does not depend on how long the stream is: one progress record and the last
 * piece are replaced. Pieces are read and deleted by number, never by range, because a range over
 * deleted keys costs as much as over living ones. Confined to the stream thread of its partition.
 */
final class OpenStreams {
    private final KeyValueStore<byte[], byte[]> progress;
    private final KeyValueStore<byte[], byte[]> pieces;

    OpenStreams(KeyValueStore<byte[], byte[]> progress, KeyValueStore<byte[], byte[]> pieces) {
        this.progress = progress;
        this.pieces = pieces;
    }

    /** How far a stream is, or null if nothing of it is here. */
    @Nullable Progress find(StreamId id) {
        byte @Nullable [] stored = progress.get(id.key());
        return stored == null ? null : Progress.decode(stored);
    }

    void save(StreamId id, Progress current) {
        progress.put(id.key(), current.encode());
    }

    /* The piece goes first: a query that reads the new progress then finds what it speaks of. */
    Progress append(StreamId id, Progress before, AcceptedEvent event) {
        byte @Nullable [] last = continues(before, event) ? lastPiece(id, before) : null;
        boolean newPiece = last == null || last.length >= Piece.BYTES_MAX;
        var after = before.accepted(event, newPiece);
        pieces.put(Piece.key(id, after.pieces() - 1), Piece.append(newPiece ? null : last, event));
        save(id, after);
        return after;
    }

    private static boolean continues(Progress before, AcceptedEvent event) {
        return before.pieces() > 0
                && event.sequence() == before.next()
                && event.appendedAt() - before.pieceStartedAt() < Piece.SPAN_MS_MAX;
    }

    private byte @Nullable [] lastPiece(StreamId id, Progress current) {
        return pieces.get(Piece.key(id, current.pieces() - 1));
    }

    /** How many streams there are, counted one by one. */
    long count() {
        long streams = 0;
        try (var all = progress.all()) {
            for (; all.hasNext(); all.next()) {
                streams++;
            }
        }
        return streams;
    }

    /** Folds all there is of a stream. */
    Assembly assemble(StreamId id, Progress current) {
        var assembly = new Assembly(id, current.next());
        for (long number = 0; number < current.pieces(); number++) {
            byte @Nullable [] piece = pieces.get(Piece.key(id, number));
            if (piece != null) {
                assembly.add(piece);
            }
        }
        return assembly;
    }

    /** Forgets a stream; returns whether there was one. */
    boolean drop(StreamId id) {
        var current = find(id);
        if (current == null) {
            return false;
        }
        progress.delete(id.key());
        for (long number = 0; number < current.pieces(); number++) {
            pieces.delete(Piece.key(id, number));
        }
        return true;
    }
}
