package io.tidemark.devkit.internal;

import io.tidemark.devkit.Pacing;

/**
 * Waits for the moment of each token. Deadlines follow from one another, not from when the last
 * wait ended, so that the rate is kept; but what a slow reader has held up is not made up for in a
 * burst. Threads wake at whole milliseconds, many at once: with hundreds of streams the waking is
 * what costs, and this halves it. Confined to the thread of whoever waits.
 */
final class Pacer {

    private static final long GRID_NANOS = 1_000_000;

    private final Waiter waiter;
    private final long perTokenNanos;
    private long nextNanos;

    Pacer(Waiter waiter, Pacing pacing, long startNanos) {
        this.waiter = waiter;
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
        nextNanos = Math.max(nextNanos, now) + perTokenNanos;
        return waiter.isGone();
    }

    private static long onGrid(long nanos) {
        return Math.ceilDiv(nanos, GRID_NANOS) * GRID_NANOS;
    }
}
