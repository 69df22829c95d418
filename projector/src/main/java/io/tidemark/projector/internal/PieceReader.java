package io.tidemark.projector.internal;

import io.tidemark.schemas.Attempt;

/** Reads the entries of a {@link Piece}, from behind its version. Confined to one thread. */
final class PieceReader {
    private final ByteSource source;
    private final Shapes shapes;
    private final Foresight foresight = new Foresight();
    private final long[] numbers = new long[EventScan.NUMBERS_MAX];
    private final ByteSink json = new ByteSink();
    private long sequence;

    PieceReader(ByteSource source, Shapes shapes) {
        this.source = source;
        this.shapes = shapes;
    }

    /** Shows the events to a visitor, until it has enough. */
    void visit(Piece.Visitor visitor) {
        boolean more = true;
        for (sequence = source.varint(); more && source.hasMore(); ) {
            long head = source.varint();
            int kind = (int) (head & Piece.KIND_MASK);
            long rest = head >>> Piece.KIND_BITS;
            if (kind == Piece.ATTEMPT) {
                foresight.attempt = attempt(rest);
            } else {
                byte[] event = kind == Piece.RAW ? source.take(rest) : delta(kind, rest);
                more = visitor.event(sequence++, foresight.attempt, event);
            }
        }
    }

    /** The sequence of the event behind the last one read. */
    long next() {
        return sequence;
    }

    /** What the events read so far say of the next one. */
    Foresight foresight() {
        return foresight;
    }

    private int attempt(long number) {
        if (number > Attempt.NUMBER_MAX) {
            throw source.corrupt("has attempt " + number);
        }
        return (int) number;
    }

    private byte[] delta(int kind, long textLength) {
        if (kind == Piece.OTHER) {
            foresight.shape = source.below(shapes.size(), "shape");
            foresight.differing = source.varint();
        } else if (foresight.shape == Shapes.NONE) {
            throw source.corrupt("has an event like the one before the first");
        }
        var shape = shapes.at(foresight.shape);
        for (int number = 0; number < shape.numbers(); number++) {
            boolean differs = ((foresight.differing >>> number) & 1) != 0;
            numbers[number] = foresight.value(number, differs ? source.signed() : 0);
            if (numbers[number] < 0) {
                throw source.corrupt("has the number " + numbers[number] + " in an event");
            }
        }
        foresight.seen(shape, numbers);
        json.clear();
        shape.render(numbers, source.array(), source.skip(textLength), (int) textLength, json);
        return json.toArray();
    }
}
