package io.tidemark.projector.internal;

/**
 * What can be told of the next event of a piece from those before it: whose attempt it is, which
 * shape it has, and its numbers, each of which is expected to grow as it did last. Whoever writes a
 * piece and whoever reads it have the same one at the same place. Confined to one thread.
 */
final class Foresight {
    /** Attempt of a piece's first event, unless it says so. */
    static final int ATTEMPT_FIRST = 1;

    int attempt = ATTEMPT_FIRST;
    int shape = Shapes.NONE;
    long differing;

    private final long[][] values = new long[Shapes.SHAPES_MAX][];
    private final long[][] steps = new long[Shapes.SHAPES_MAX][];

    /** How much a number differs from what was expected. */
    long difference(int number, long value) {
        return value - expected(number);
    }

    /** The number that differs by so much from what was expected. */
    long value(int number, long difference) {
        return expected(number) + difference;
    }

    private long expected(int number) {
        long[] last = values[shape];
        return last == null ? 0 : last[number] + steps[shape][number];
    }

    /** Goes on behind an event of the current shape. */
    void seen(Shape event, long[] numbers) {
        long[] last = values[shape];
        if (last == null) {
            values[shape] = new long[event.numbers()];
            steps[shape] = new long[event.numbers()];
        }
        for (int number = 0; number < event.numbers(); number++) {
            steps[shape][number] =
                    last == null ? event.step(number) : numbers[number] - last[number];
            values[shape][number] = numbers[number];
        }
    }
}
