package io.tidemark.projector.internal;

import io.tidemark.schemas.Attempt;

import java.nio.ByteBuffer;

/**
 * Where an open stream stands: what the guard has to remember, how many pieces there are, and where
 * in the log they came from. Kept in the store {@code progress}, one record of about 25 bytes per
 * stream. Immutable.
 *
 * <pre>
 *   version (1 byte), flags (1 byte), then a varint each: epoch and number of the attempt, next,
 *   pieces, verbatimPieces, shapes, firstOffset + 1, lastOffset - firstOffset, lastAppendedAt, missing
 * </pre>
 *
 * @param attempt highest attempt seen, {@link Attempt#NONE} before the first record
 * @param next sequence expected next; everything below was accepted or is missing for good
 * @param ended whether the terminal event was accepted
 * @param silent whether it was reported as silent, and has said nothing since
 * @param pieces how many pieces the stream has
 * @param verbatimPieces how many of them, the first ones, are a {@link VerbatimPiece}
 * @param shapes how many {@link Shapes} its pieces speak of
 * @param firstOffset offset of the first accepted event, -1 before it
 * @param lastOffset offset of the last accepted event, -1 before the first
 * @param lastAppendedAt log time of the last record that counted, in epoch milliseconds
 * @param missing how many sequences the log no longer holds
 * @param erased whether nothing but what the ledger row needs is kept of its events
 */
public record Progress(
        Attempt attempt,
        long next,
        boolean ended,
        boolean silent,
        int pieces,
        int verbatimPieces,
        int shapes,
        long firstOffset,
        long lastOffset,
        long lastAppendedAt,
        long missing,
        boolean erased) {
    /** A stream of which nothing is known. */
    public static final Progress NONE =
            new Progress(Attempt.NONE, 0, false, false, 0, 0, 0, -1, -1, 0, 0, false);

    private static final byte VERSION = 3;
    private static final byte VERSION_BEFORE = 2;
    private static final int BYTES_BEFORE = 2 + 2 * Integer.BYTES + 7 * Long.BYTES;

    private static final int ENDED = 1;
    private static final int SILENT = 2;
    private static final int ERASED = 4;

    /** The record as the store holds it. */
    public byte[] encode() {
        return new ByteSink()
                .put(VERSION)
                .put((ended ? ENDED : 0) | (silent ? SILENT : 0) | (erased ? ERASED : 0))
                .varint(attempt.epoch())
                .varint(attempt.number())
                .varint(next)
                .varint(pieces)
                .varint(verbatimPieces)
                .varint(shapes)
                .varint(firstOffset + 1)
                .varint(lastOffset - firstOffset)
                .varint(lastAppendedAt)
                .varint(missing)
                .toArray();
    }

    /**
     * The record these bytes hold.
     *
     * @throws IllegalStateException if they are of a version that is not known, or not whole
     */
    public static Progress decode(byte[] stored) {
        var source = new ByteSource(stored);
        int version = source.next();
        return switch (version) {
            case VERSION_BEFORE -> decodeBefore(stored);
            case VERSION -> decode(source);
            default ->
                    throw new IllegalStateException(
                            "progress must be version %d or %d, was %d"
                                    .formatted(VERSION_BEFORE, VERSION, version));
        };
    }

    private static Progress decode(ByteSource source) {
        int flags = source.next();
        var attempt =
                new Attempt(source.varint(), source.below(Attempt.NUMBER_MAX + 1L, "attempt"));
        long next = source.varint();
        int pieces = source.below(1L + Integer.MAX_VALUE, "pieces");
        int verbatimPieces = source.below(pieces + 1L, "verbatim pieces");
        int shapes = source.below(Shapes.SHAPES_MAX + 1L, "shapes");
        long firstOffset = source.varint() - 1;
        long lastOffset = firstOffset + source.varint();
        return new Progress(
                attempt,
                next,
                (flags & ENDED) != 0,
                (flags & SILENT) != 0,
                pieces,
                verbatimPieces,
                shapes,
                firstOffset,
                lastOffset,
                source.varint(),
                source.varint(),
                (flags & ERASED) != 0);
    }

    /* What a projector before this one has left: numbers of fixed size, and verbatim pieces. */
    private static Progress decodeBefore(byte[] stored) {
        if (stored.length != BYTES_BEFORE) {
            throw new IllegalStateException(
                    "progress of version %d must have %d bytes, has %d"
                            .formatted(VERSION_BEFORE, BYTES_BEFORE, stored.length));
        }
        var bytes = ByteBuffer.wrap(stored, 1, stored.length - 1);
        boolean ended = bytes.get() != 0;
        var attempt = new Attempt(bytes.getLong(), bytes.getInt());
        int pieces = bytes.getInt();
        long next = bytes.getLong();
        bytes.getLong(); /* when its last piece began, by which no piece ends any more */
        return new Progress(
                attempt,
                next,
                ended,
                false,
                pieces,
                pieces,
                0,
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                false);
    }

    /** The same stream after a fence. */
    Progress fenced(Attempt newAttempt, long appendedAt) {
        return new Progress(
                attempt.max(newAttempt),
                next,
                ended,
                false,
                pieces,
                verbatimPieces,
                shapes,
                firstOffset,
                lastOffset,
                appendedAt,
                missing,
                erased);
    }

    /** The same stream with one more event, which is in its last piece. */
    Progress accepted(AcceptedEvent event, int newPieces, int newShapes) {
        return new Progress(
                event.attempt(),
                event.sequence() + 1,
                event.terminal(),
                false,
                newPieces,
                verbatimPieces,
                newShapes,
                firstOffset < 0 ? event.offset() : firstOffset,
                event.offset(),
                event.appendedAt(),
                missing + event.sequence() - next,
                erased);
    }

    /** The same stream, reported as silent. */
    Progress reported() {
        return new Progress(
                attempt,
                next,
                ended,
                true,
                pieces,
                verbatimPieces,
                shapes,
                firstOffset,
                lastOffset,
                lastAppendedAt,
                missing,
                erased);
    }

    /**
     * The same stream, erased: all its pieces are verbatim ones then. One that has ended keeps
     * none, since its row is out.
     */
    Progress erase() {
        int left = ended ? 0 : pieces;
        return new Progress(
                attempt,
                next,
                ended,
                silent,
                left,
                left,
                0,
                firstOffset,
                lastOffset,
                lastAppendedAt,
                missing,
                true);
    }

    /**
     * What is kept of an erased stream whose row is out, so that none follows, for as long as the
     * log may hold something of it.
     *
     * @param forgottenFrom log time from which on that is reckoned, in epoch milliseconds
     */
    static Progress closed(long forgottenFrom) {
        return new Progress(Attempt.NONE, 0, true, false, 0, 0, 0, -1, -1, forgottenFrom, 0, true);
    }

    /** Whether nothing of the stream was met, neither an event nor a fence. */
    boolean none() {
        return next == 0 && attempt.equals(Attempt.NONE);
    }

    /** Whether the stream was erased and its row is out. */
    boolean closed() {
        return ended && erased;
    }
}
