package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The streams of one partition that have no result yet: their progress, their shapes and their
 * pieces. The only class that knows how an open stream is stored.
 *
 * <pre>
 *   progress   id (26 bytes, ASCII)            Progress
 *   pieces     id (16 bytes)                   Shapes, if it has any
 *              id (16 bytes), number (varint)  Piece
 * </pre>
 *
 * <p>Work per event does not depend on how long the stream is: one progress record and the last
 * piece are replaced. Pieces are read and deleted by number, never by range, because a range over
 * deleted keys costs as much as over living ones. The last pieces of the {@value #IN_MEMORY_MAX}
 * streams that spoke last are in memory as well; that of another stream is read again if it is
 * small, and ends otherwise. Confined to the stream thread of its partition.
 */
final class OpenStreams {
    /** Most streams whose last piece is kept in memory. */
    static final int IN_MEMORY_MAX = 2_048;

    private final KeyValueStore<byte[], byte[]> progress;
    private final KeyValueStore<byte[], byte[]> pieces;
    private final CommitWatch commits;
    private final PieceWriter.Desk desk = new PieceWriter.Desk();
    private final Map<StreamId, OpenPiece> last = new LastUsed<>(IN_MEMORY_MAX);

    OpenStreams(
            KeyValueStore<byte[], byte[]> progress,
            KeyValueStore<byte[], byte[]> pieces,
            CommitWatch commits) {
        this.progress = progress;
        this.pieces = pieces;
        this.commits = commits;
    }

    /** How far a stream is, or null if nothing of it is here. */
    @Nullable Progress find(StreamId id) {
        return find(progress, id);
    }

    /** The same for who reads while this is written. */
    static @Nullable Progress find(ReadOnlyKeyValueStore<byte[], byte[]> progress, StreamId id) {
        byte @Nullable [] stored = progress.get(id.key());
        return stored == null ? null : Progress.decode(stored);
    }

    void save(StreamId id, Progress current) {
        progress.put(id.key(), current.encode());
    }

    /* In this order: a query that reads the new progress then finds all that it speaks of. */
    Progress append(StreamId id, Progress before, AcceptedEvent event) {
        var piece = lastPiece(id, before);
        byte[] bytes = piece.append(event, commits.commits());
        int shapes = piece.shapes().size();
        if (shapes > before.shapes()) {
            pieces.put(id.packed(), piece.shapes().encode());
        }
        byte[] key = Piece.key(id, piece.number());
        commits.put(key);
        pieces.put(key, bytes);
        var after = before.accepted(event, piece.number() + 1, shapes);
        save(id, after);
        if (event.terminal()) {
            last.remove(id);
        }
        return after;
    }

    private OpenPiece lastPiece(StreamId id, Progress current) {
        var known = last.get(id);
        if (known != null && known.isLastOf(current)) {
            return known;
        }
        var piece = read(id, current);
        last.put(id, piece);
        return piece;
    }

    private OpenPiece read(StreamId id, Progress current) {
        var shapes = shapes(pieces, id, current).orElseThrow(() -> incomplete(id));
        byte @Nullable [] stored =
                current.pieces() > current.verbatimPieces()
                        ? pieces.get(Piece.key(id, current.pieces() - 1L))
                        : null;
        return stored == null || stored.length >= OpenPiece.WRITTEN_AGAIN_BYTES_MAX
                ? OpenPiece.behind(current, shapes, desk)
                : OpenPiece.resume(stored, current, shapes, desk);
    }

    private static IllegalStateException incomplete(StreamId id) {
        return new IllegalStateException("stored state of stream " + id + " is incomplete");
    }

    /** How many streams have no result and were reported as silent, counted one by one. */
    Count count() {
        long streams = 0;
        long silent = 0;
        try (var all = progress.all()) {
            while (all.hasNext()) {
                var current = Progress.decode(all.next().value);
                streams += current.closed() ? 0 : 1;
                silent += current.silent() ? 1 : 0;
            }
        }
        return new Count(streams, silent);
    }

    /** How many streams there are, and how many of them were reported as silent. */
    record Count(long streams, long silent) {}

    /**
     * Folds all there is of a stream.
     *
     * @throws IllegalStateException if a part of it is not there or cannot be read
     */
    Assembly assemble(StreamId id, Progress current) {
        return assemble(pieces, id, current).orElseThrow(() -> incomplete(id));
    }

    /**
     * The same for who reads while this is written: one moment of the stream, that of its progress;
     * empty if a part of it is not there, because the stream moved on meanwhile.
     */
    static Optional<Assembly> assemble(
            ReadOnlyKeyValueStore<byte[], byte[]> pieces, StreamId id, Progress current) {
        var shapes = shapes(pieces, id, current);
        if (shapes.isEmpty()) {
            return Optional.empty();
        }
        var assembly = new Assembly(id, current.next(), shapes.get());
        for (long number = 0; number < current.pieces(); number++) {
            byte @Nullable [] piece = pieces.get(key(id, number, current));
            if (piece == null) {
                return Optional.empty();
            }
            assembly.add(piece);
        }
        return Optional.of(assembly);
    }

    private static Optional<Shapes> shapes(
            ReadOnlyKeyValueStore<byte[], byte[]> pieces, StreamId id, Progress current) {
        return current.shapes() == 0
                ? Optional.of(new Shapes())
                : Optional.ofNullable(pieces.get(id.packed()))
                        .map(Shapes::decode)
                        .filter(known -> known.size() >= current.shapes());
    }

    private static byte[] key(StreamId id, long number, Progress current) {
        return number < current.verbatimPieces()
                ? VerbatimPiece.key(id, number)
                : Piece.key(id, number);
    }

    /**
     * Leaves of a stream what its ledger row needs, or of one that has ended nothing but that it
     * has.
     *
     * @throws IllegalStateException if a part of it is not there or cannot be read
     */
    Progress erase(StreamId id, Progress current) {
        var shapes = shapes(pieces, id, current).orElseThrow(() -> incomplete(id));
        var rest = current.erase();
        for (long number = 0; number < current.pieces(); number++) {
            byte[] key = key(id, number, current);
            byte @Nullable [] piece = pieces.get(key);
            pieces.delete(key);
            if (piece != null && !rest.closed()) {
                pieces.put(VerbatimPiece.key(id, number), VerbatimPiece.erased(piece, shapes));
            }
        }
        if (current.shapes() > 0) {
            pieces.delete(id.packed());
        }
        last.remove(id);
        save(id, rest);
        return rest;
    }

    /** Forgets a stream; returns how far it was, or null if there was none. */
    @Nullable Progress drop(StreamId id) {
        var current = find(id);
        if (current == null) {
            return null;
        }
        last.remove(id);
        progress.delete(id.key());
        for (long number = 0; number < current.pieces(); number++) {
            pieces.delete(key(id, number, current));
        }
        if (current.shapes() > 0) {
            pieces.delete(id.packed());
        }
        return current;
    }

    /** A map that forgets what was used longest ago. */
    private static final class LastUsed<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        private final int max;

        LastUsed(int max) {
            super(16, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max;
        }
    }
}
