package io.tidemark.projector.internal;

import org.jspecify.annotations.Nullable;

/**
 * The last piece of one open stream, while its events come, and the shapes of the stream. What it
 * knows is in the stores as well. Confined to the stream thread of its partition.
 */
final class OpenPiece {
    /** A piece that has this many bytes takes no further event. */
    static final int BYTES_MAX = 4 * 1024;

    /**
     * A piece that was committed takes further events only if it is smaller, in bytes: to write it
     * again then costs less than a key and, later, its deletion.
     */
    static final int WRITTEN_AGAIN_BYTES_MAX = 96;

    private final Shapes shapes;
    private final PieceWriter.Desk desk;
    private @Nullable PieceWriter writer;
    private int number;
    private long commits;

    private OpenPiece(
            Shapes shapes, PieceWriter.Desk desk, @Nullable PieceWriter writer, int number) {
        this.shapes = shapes;
        this.desk = desk;
        this.writer = writer;
        this.number = number;
        this.commits = -1;
    }

    /** None yet, behind what a stream has. */
    static OpenPiece behind(Progress current, Shapes shapes, PieceWriter.Desk desk) {
        return new OpenPiece(shapes, desk, null, current.pieces() - 1);
    }

    /** The last one that a stream has. */
    static OpenPiece resume(byte[] stored, Progress current, Shapes shapes, PieceWriter.Desk desk) {
        var writer = PieceWriter.resume(stored, shapes, desk);
        return new OpenPiece(shapes, desk, writer, current.pieces() - 1);
    }

    /** Whether this is the last piece of a stream that is so far, and nobody else's. */
    boolean isLastOf(Progress current) {
        return writer != null
                && number == current.pieces() - 1
                && number >= current.verbatimPieces()
                && writer.next() == current.next();
    }

    /**
     * Adds an event, to a new piece if this one is full, was committed or is not followed by it.
     *
     * @param commitsNow how many commits there were until now
     * @return the piece with it, as a copy
     */
    byte[] append(AcceptedEvent event, long commitsNow) {
        var taker = writer;
        if (taker == null || !takes(taker, event, commitsNow)) {
            taker = PieceWriter.begin(event.sequence(), shapes, desk);
            writer = taker;
            number++;
        }
        commits = commitsNow;
        taker.append(event.attempt().number(), event.json());
        return taker.bytes();
    }

    private boolean takes(PieceWriter taker, AcceptedEvent event, long commitsNow) {
        int full = commits == commitsNow ? BYTES_MAX : WRITTEN_AGAIN_BYTES_MAX;
        return event.sequence() == taker.next() && taker.size() < full;
    }

    /** Its number in the stream. */
    int number() {
        return number;
    }

    Shapes shapes() {
        return shapes;
    }
}
