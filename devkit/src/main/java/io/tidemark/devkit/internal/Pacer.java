package io.tidemark.devkit.internal;

import io.tidemark.devkit.Pacing;

/**
 * Waits for the moment of each token. Deadlines follow from one another, not from when the last
 * wait ended, so that the rate is kept; but what a slow reader has held up is not made up for in a
 * burst, unless tokens are asked to be punctual. Threads wake at whole milliseconds, many at once:
 * with hundreds of streams the waking is what costs, and this halves it. Confined to the thread of
 * whoever waits.
 */
final class Pacer {

    private static final long GRID_NANOS = 1_000_000;

    private final Waiter waiter;
    private final long perTokenNanos;
    private final boolean punctual;
    private long nextNanos;

    /**
     * A pacer for an answer that began then.
     *
     * @param punctual whether tokens keep to their times, so that late ones come in a burst
     */
    Pacer(Waiter waiter, Pacing pacing, boolean punctual, long startNanos) {
        this.waiter = waiter;
        this.punctual = punctual;
        this.perTokenNanos = pacing.timePerToken().toNanos();
        this.nextNanos = startNanos + pacing.timeToFirstToken().toNanos();
    }

    /** Whether {@link #awaitToken()} would wait. */
    boolean wouldWait() {
        return nextNanos - System.nanoTime() > 0;
    }

    /** Waits until the next token is due; true if nobody waits for it any more. */
    boolean awaitToken() {
        var now = System.nanoTime();
        if (nextNanos - now > 0 && waiter.goneWithin(onGrid(nextNanos) - now)) {
            return true;
        }
        nextNanos = (punctual ? nextNanos : Math.max(nextNanos, now)) + perTokenNanos;
        return waiter.isGone();
    }

    /** When a token is due, counted from 0, in an answer that began then. */
    static long due(Pacing pacing, long startNanos, long index) {
        return onGrid(
                startNanos
                        + pacing.timeToFirstToken().toNanos()
                        + index * pacing.timePerToken().toNanos());
    }

    private static long onGrid(long nanos) {
        return Math.ceilDiv(nanos, GRID_NANOS) * GRID_NANOS;
    }
}
