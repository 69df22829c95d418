package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of one piece: a run of consecutive events of one stream, as the log holds them.
 *
 * <pre>
 *   key    id (26 bytes, ASCII), number of the piece from 0 (8 bytes)
 *   value  version (1 byte), sequence of the first event (8 bytes),
 *          then per event: number of the attempt (4 bytes), length (4 bytes), its JSON
 * </pre>
 *
 * <p>Numbers are big-endian, so the pieces of a stream stand in order. The version leaves room for
 * a denser form. Stateless.
 */
public final class Piece {
    /** A piece that has this many bytes takes no further event. */
    public static final int BYTES_MAX = 8 * 1024;

    /**
     * A piece takes events of this much log time, in milliseconds. The cache in front of the store
     * writes a piece at every commit that finds it changed; pieces as long as the commit interval
     * are written about once, whatever the pace of the stream.
     */
    public static final long SPAN_MS_MAX = 100;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + Long.BYTES;
    private static final int ENTRY_HEADER_BYTES = 2 * Integer.BYTES;

    private Piece() {}

    /** Takes the events of a piece, in order. */
    public interface Visitor {
        /** The next event; {@code json} is a copy of its own. */
        void event(long sequence, int attempt, byte[] json);
    }

    /** The key of a stream's piece. */
    public static byte[] key(StreamId id, long number) {
        return ByteBuffer.allocate(StreamId.LENGTH + Long.BYTES)
                .put(id.key())
                .putLong(number)
                .array();
    }

    /** A piece with one more event; without a piece to begin with, a new one. */
    public static byte[] append(byte @Nullable [] piece, AcceptedEvent event) {
        byte[] head = piece == null ? header(event.sequence()) : piece;
        int length = event.json().length;
        byte[] longer = Arrays.copyOf(head, head.length + ENTRY_HEADER_BYTES + length);
        ByteBuffer.wrap(longer)
                .position(head.length)
                .putInt(event.attempt().number())
                .putInt(length)
                .put(event.json());
        return longer;
    }

    /**
     * Shows the events of a piece to a visitor.
     *
     * @throws IllegalStateException if another version wrote the piece
     */
    public static void visit(byte[] piece, Visitor visitor) {
        var bytes = ByteBuffer.wrap(piece);
        byte version = bytes.get();
        if (version != VERSION) {
            throw new IllegalStateException(
                    "a piece must be version %d, was %d".formatted(VERSION, version));
        }
        for (long sequence = bytes.getLong(); bytes.hasRemaining(); sequence++) {
            int attempt = bytes.getInt();
            var json = new byte[bytes.getInt()];
            bytes.get(json);
            visitor.event(sequence, attempt, json);
        }
    }

    private static byte[] header(long firstSequence) {
        return ByteBuffer.allocate(HEADER_BYTES).put(VERSION).putLong(firstSequence).array();
    }
}
