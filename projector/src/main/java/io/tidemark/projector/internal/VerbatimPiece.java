package io.tidemark.projector.internal;

import io.tidemark.schemas.ErasedEvent;
import io.tidemark.schemas.StreamId;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Pieces of version 1: each event's JSON as it is. An open stream may still have some from a
 * projector before this one, and what is left of an erased stream is written in this way.
 * Stateless.
 *
 * <pre>
 *   key    id (26 bytes, ASCII), number of the piece from 0 (8 bytes)
 *   value  version (1 byte), sequence of the first event (8 bytes),
 *          then per event: number of the attempt (4 bytes), length (4 bytes), its JSON
 * </pre>
 *
 * <p>Numbers are big-endian.
 */
final class VerbatimPiece {
    static final byte VERSION = 1;

    private VerbatimPiece() {}

    static byte[] key(StreamId id, long number) {
        return ByteBuffer.allocate(StreamId.LENGTH + Long.BYTES)
                .put(id.key())
                .putLong(number)
                .array();
    }

    /** Shows the events to a visitor, from behind the version. */
    static void visit(ByteSource piece, Piece.Visitor visitor) {
        long sequence = ByteBuffer.wrap(piece.take(Long.BYTES)).getLong();
        boolean more = true;
        while (more && piece.hasMore()) {
            int attempt = integer(piece);
            more = visitor.event(sequence, attempt, piece.take(integer(piece)));
            sequence++;
        }
    }

    private static int integer(ByteSource piece) {
        return ByteBuffer.wrap(piece.take(Integer.BYTES)).getInt();
    }

    /**
     * What is left of an erased stream's piece, of whichever version: its events in their places,
     * without content.
     *
     * @param shapes those of its stream
     */
    static byte[] erased(byte[] piece, Shapes shapes) {
        var first = new long[] {-1};
        var left = new ByteArrayOutputStream();
        Piece.visit(
                piece,
                shapes,
                (sequence, attempt, json) -> {
                    first[0] = first[0] < 0 ? sequence : first[0];
                    byte[] rest = ErasedEvent.of(json);
                    left.writeBytes(integers(attempt, rest.length));
                    left.writeBytes(rest);
                    return true;
                });
        byte[] entries = left.toByteArray();
        return ByteBuffer.allocate(1 + Long.BYTES + entries.length)
                .put(VERSION)
                .putLong(Math.max(0, first[0]))
                .put(entries)
                .array();
    }

    private static byte[] integers(int attempt, int length) {
        return ByteBuffer.allocate(2 * Integer.BYTES).putInt(attempt).putInt(length).array();
    }
}
