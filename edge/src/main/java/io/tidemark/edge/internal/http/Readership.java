package io.tidemark.edge.internal.http;

/**
 * The readers of one stream at this edge, and what whoever writes the stream was told of them.
 * Immutable; times are a {@link System#nanoTime()}.
 *
 * @param readers how many there are
 * @param ordinary whether the stream is known to go on whether it is read or not
 * @param said how many the writer was told of, -1 if it was told nothing
 * @param saidAt when
 * @param changedAt since when what it was told has been wrong; meaningless while it is not
 */
record Readership(int readers, boolean ordinary, int said, long saidAt, long changedAt) {
    private static final int NOTHING = -1;

    /** The first reader came. */
    static Readership first(long now) {
        return new Readership(1, false, NOTHING, now, now);
    }

    Readership came(long now) {
        return with(readers + 1, now);
    }

    /* A reader of a stream that was forgotten when it ended may leave after others have come. */
    Readership left(long now) {
        return with(Math.max(0, readers - 1), now);
    }

    private Readership with(int count, long now) {
        return new Readership(count, ordinary, said, saidAt, wrong() ? changedAt : now);
    }

    /** A reader has seen whether readers matter to the writer. */
    Readership learnt(boolean matters) {
        return new Readership(readers, !matters, said, saidAt, changedAt);
    }

    /** The writer has been told of so many. */
    Readership told(int count, long now) {
        return new Readership(readers, ordinary, count, now, now);
    }

    /* Whether the writer does not know if there are any. */
    private boolean wrong() {
        return said == NOTHING || (said > 0) != (readers > 0);
    }

    /** Whether there is nothing to remember: nobody is here, and the writer knows or is not to. */
    boolean over() {
        return readers == 0 && (ordinary || said == 0);
    }

    /**
     * Whether the writer is to be told: of a change that is so old, or again, so that no interval
     * goes by without a word. To be asked about as often as a change takes to settle.
     */
    boolean due(long now, long settleNanos, long intervalNanos) {
        if (ordinary) {
            return false;
        }
        return wrong()
                ? now - changedAt >= settleNanos
                : now - saidAt >= intervalNanos - settleNanos;
    }
}
