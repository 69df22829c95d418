package io.tidemark.projector.internal;

/**
 * Writes a {@link Piece}, event by event. What it writes it reads at once: an event that would not
 * come out as it went in, byte by byte, is kept as it is. Confined to one thread.
 */
final class PieceWriter {
    /* Above so many numbers that are as expected, saying which ones are not costs less. */
    private static final int NEEDLESS_MAX = 2;

    private final ByteSink piece;
    private final Foresight foresight;
    private final Shapes shapes;
    private final EventScan scan;
    private final ByteSink check;
    private final long[] differences = new long[EventScan.NUMBERS_MAX];
    private long next;

    private PieceWriter(
            ByteSink piece,
            Foresight foresight,
            long next,
            Shapes shapes,
            EventScan scan,
            ByteSink check) {
        this.piece = piece;
        this.foresight = foresight;
        this.next = next;
        this.shapes = shapes;
        this.scan = scan;
        this.check = check;
    }

    /** What writers of one thread share, each for the time of one event. */
    record Desk(EventScan scan, ByteSink check) {
        Desk() {
            this(new EventScan(), new ByteSink());
        }
    }

    /** A new piece that begins with a sequence. */
    static PieceWriter begin(long sequence, Shapes shapes, Desk desk) {
        var piece = new ByteSink().put(Piece.VERSION).varint(sequence);
        return new PieceWriter(piece, new Foresight(), sequence, shapes, desk.scan(), desk.check());
    }

    /**
     * A piece that goes on.
     *
     * @param stored what was written of it, in this version
     * @throws IllegalStateException if it cannot be read
     */
    static PieceWriter resume(byte[] stored, Shapes shapes, Desk desk) {
        var source = new ByteSource(stored);
        source.skip(1);
        var reader = new PieceReader(source, shapes);
        reader.visit((_, _, _) -> true);
        return new PieceWriter(
                new ByteSink().put(stored),
                reader.foresight(),
                reader.next(),
                shapes,
                desk.scan(),
                desk.check());
    }

    /** Sequence of the event that it can take next. */
    long next() {
        return next;
    }

    int size() {
        return piece.size();
    }

    /** The piece, as a copy. */
    byte[] bytes() {
        return piece.toArray();
    }

    /** Adds the next event, and its shape to those of the stream if it is new to them. */
    void append(int attempt, byte[] json) {
        if (attempt != foresight.attempt) {
            piece.varint(((long) attempt << Piece.KIND_BITS) | Piece.ATTEMPT);
            foresight.attempt = attempt;
        }
        int shape = scan.of(json) ? shapes.of(scan.template(), foresight.shape) : Shapes.NONE;
        if (shape != Shapes.NONE && comesOut(shapes.at(shape), json)) {
            delta(shape, json);
        } else {
            piece.varint(((long) json.length << Piece.KIND_BITS) | Piece.RAW).put(json);
        }
        next++;
    }

    private boolean comesOut(Shape shape, byte[] json) {
        check.clear();
        if (shape.numbers() == scan.count()) {
            shape.render(scan.numbers(), json, scan.textFrom(), scan.textLength(), check);
        }
        return check.holds(json);
    }

    private void delta(int index, byte[] json) {
        boolean same = index == foresight.shape;
        foresight.shape = index;
        var shape = shapes.at(index);
        long differing = differing(shape);
        long head = (long) scan.textLength() << Piece.KIND_BITS;
        if (same && suffices(foresight.differing, differing)) {
            piece.varint(head | Piece.SAME);
        } else {
            piece.varint(head | Piece.OTHER).varint(index).varint(differing);
            foresight.differing = differing;
        }
        for (int number = 0; number < shape.numbers(); number++) {
            if (((foresight.differing >>> number) & 1) != 0) {
                piece.signed(differences[number]);
            }
        }
        piece.put(json, scan.textFrom(), scan.textLength());
        foresight.seen(shape, scan.numbers());
    }

    private long differing(Shape shape) {
        long differing = 0;
        for (int number = 0; number < shape.numbers(); number++) {
            differences[number] = foresight.difference(number, scan.numbers()[number]);
            differing |= differences[number] == 0 ? 0 : 1L << number;
        }
        return differing;
    }

    private static boolean suffices(long written, long needed) {
        return (needed & ~written) == 0 && Long.bitCount(written & ~needed) <= NEEDLESS_MAX;
    }
}
