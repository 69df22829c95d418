package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

/**
 * The bytes of one piece: a run of consecutive events of one stream, from which each event's JSON
 * comes out as the log holds it, byte for byte.
 *
 * <pre>
 *   key    id (16 bytes), number of the piece from 0 (varint)
 *   value  version (1 byte), sequence of the first event (varint), then entries:
 *            SAME     like the event before: differences, text
 *            OTHER    index of its shape, which numbers differ (a bit each), differences, text
 *            RAW      its JSON
 *            ATTEMPT  no event: those behind it are of another attempt
 * </pre>
 *
 * <p>An entry begins with a varint, of which the lowest two bits tell the kind and the others how
 * many bytes of text or JSON stand at its end, or the attempt. Differences are zigzag varints, one
 * for each number that is not as the {@link Foresight} of the events before it has it; the bits of
 * {@code OTHER} say which numbers those are, for {@code SAME} events as well. A delta of a model
 * that speaks at a steady pace so costs two bytes beside its text: its length, and by how much its
 * time is off. {@link Shapes} are the stream's, not the piece's; everything else of a piece is in
 * itself. {@link VerbatimPiece} is version 1. Stateless.
 */
public final class Piece {
    static final byte VERSION = 2;

    static final int KIND_BITS = 2;
    static final int KIND_MASK = 3;
    static final int SAME = 0;
    static final int OTHER = 1;
    static final int RAW = 2;
    static final int ATTEMPT = 3;

    private Piece() {}

    /** Takes the events of a piece, in order. */
    public interface Visitor {
        /**
         * The next event; {@code json} is a copy of its own.
         *
         * @return whether to go on
         */
        boolean event(long sequence, int attempt, byte[] json);
    }

    /** The key of a stream's piece. */
    public static byte[] key(StreamId id, long number) {
        return new ByteSink().put(id.packed()).varint(number).toArray();
    }

    /**
     * Shows the events of a piece to a visitor.
     *
     * @param shapes those of its stream
     * @throws IllegalStateException if the bytes are no piece of a version that is known, or are
     *     not whole
     */
    static void visit(byte[] piece, Shapes shapes, Visitor visitor) {
        var source = new ByteSource(piece);
        int version = source.next();
        switch (version) {
            case VerbatimPiece.VERSION -> VerbatimPiece.visit(source, visitor);
            case VERSION -> new PieceReader(source, shapes).visit(visitor);
            default ->
                    throw new IllegalStateException(
                            "a piece must be version %d or %d, was %d"
                                    .formatted(VerbatimPiece.VERSION, VERSION, version));
        }
    }
}
