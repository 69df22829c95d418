package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time from which on the first record seen of a stream is the first there is of it. Of an older
 * stream, records may have gone by before the tail began, or may have been seen and forgotten: a
 * zombie may write a second sequence 0 behind a fence. Thread-safe.
 */
final class Horizon {
    private final InstantSource clock;
    private final Duration skew;
    private final AtomicLong atMs = new AtomicLong();

    /**
     * A horizon that nothing of before now lies behind.
     *
     * @param skew how far the clock of whoever mints an id may be ahead of ours
     */
    Horizon(InstantSource clock, Duration skew) {
        this.clock = clock;
        this.skew = skew;
        moveToNow();
    }

    /** Whether nothing can have been missed of a stream of which there is no trace here. */
    boolean isBefore(StreamId id) {
        return id.time().toEpochMilli() >= atMs.get();
    }

    /** A stream is about to be forgotten; to be called before it is. */
    void moveBehind(StreamId id) {
        atMs.accumulateAndGet(id.time().toEpochMilli() + 1, Math::max);
    }

    /** Records of streams that nobody here has met may have been missed up to now. */
    void moveToNow() {
        atMs.accumulateAndGet(clock.millis() + skew.toMillis(), Math::max);
    }
}
