package io.tidemark.projector.internal;

import io.tidemark.schemas.Attempt;

import java.nio.ByteBuffer;

/**
 * Where an open stream stands: what the guard has to remember, how many pieces there are, and where
 * in the log they came from. Kept in the store {@code progress}, one record of fixed size per
 * stream. Immutable.
 *
 * @param attempt highest attempt seen, {@link Attempt#NONE} before the first record
 * @param next sequence expected next; everything below was accepted or is missing for good
 * @param ended whether the terminal event was accepted
 * @param pieces how many pieces the stream has
 * @param pieceStartedAt log time of the last piece's first event, in epoch milliseconds
 * @param firstOffset offset of the first accepted event, -1 before it
 * @param lastOffset offset of the last accepted event, -1 before the first
 * @param lastAppendedAt log time of the last record that counted, in epoch milliseconds
 * @param missing how many sequences the log no longer holds
 */
public record Progress(
        Attempt attempt,
        long next,
        boolean ended,
        int pieces,
        long pieceStartedAt,
        long firstOffset,
        long lastOffset,
        long lastAppendedAt,
        long missing) {
    /** A stream of which nothing is known. */
    public static final Progress NONE = new Progress(Attempt.NONE, 0, false, 0, 0, -1, -1, 0, 0);

    private static final byte VERSION = 2;
    private static final int BYTES = 2 + 2 * Integer.BYTES + 7 * Long.BYTES;

    /** The record as the store holds it. */
    public byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .put((byte) (ended ? 1 : 0))
                .putLong(attempt.epoch())
                .putInt(attempt.number())
                .putInt(pieces)
                .putLong(next)
                .putLong(pieceStartedAt)
                .putLong(firstOffset)
                .putLong(lastOffset)
                .putLong(lastAppendedAt)
                .putLong(missing)
                .array();
    }

    /**
     * The record these bytes hold.
     *
     * @throws IllegalStateException if another version wrote them
     */
    public static Progress decode(byte[] stored) {
        var bytes = ByteBuffer.wrap(stored);
        byte version = bytes.get();
        if (version != VERSION || stored.length != BYTES) {
            throw new IllegalStateException(
                    "progress must be version %d with %d bytes, was version %d with %d"
                            .formatted(VERSION, BYTES, version, stored.length));
        }
        boolean ended = bytes.get() != 0;
        var attempt = new Attempt(bytes.getLong(), bytes.getInt());
        int pieces = bytes.getInt();
        return new Progress(
                attempt,
                bytes.getLong(),
                ended,
                pieces,
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong());
    }

    /** The same stream after a fence. */
    Progress fenced(Attempt newAttempt, long appendedAt) {
        return new Progress(
                attempt.max(newAttempt),
                next,
                ended,
                pieces,
                pieceStartedAt,
                firstOffset,
                lastOffset,
                appendedAt,
                missing);
    }

    /** The same stream with one more event. */
    Progress accepted(AcceptedEvent event, boolean newPiece) {
        return new Progress(
                event.attempt(),
                event.sequence() + 1,
                event.terminal(),
                newPiece ? pieces + 1 : pieces,
                newPiece ? event.appendedAt() : pieceStartedAt,
                firstOffset < 0 ? event.offset() : firstOffset,
                event.offset(),
                event.appendedAt(),
                missing + event.sequence() - next);
    }
}
