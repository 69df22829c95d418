package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StartKey;
import io.tidemark.schemas.StartWord;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one partition of the log says of the keys of starts: a fold of its records, in their order.
 * Bounded: beyond its size the key that was claimed least recently is forgotten, which is the same
 * one at every edge. Thread-safe.
 */
final class KeyIndex {
    /* In the order of their last claims. */
    private final Map<StartKey, HeldKey> held = new LinkedHashMap<>();
    private final int keysMax;
    private final long windowMs;
    private final Runnable forgotten;

    /**
     * Of a partition of which nothing was read.
     *
     * @param keysMax most keys
     * @param window how long a key counts after it was claimed
     * @param forgotten told of each key that is forgotten while it counts
     */
    KeyIndex(int keysMax, Duration window, Runnable forgotten) {
        this.keysMax = keysMax;
        this.windowMs = window.toMillis();
        this.forgotten = forgotten;
    }

    /**
     * Takes the next claim of the log.
     *
     * @return what is so with it
     */
    synchronized HeldKey claim(StartKey key, StartWord.Claim claim, long appendedAtMs) {
        var before = held.remove(key);
        var now =
                before == null || before.lapsed(appendedAtMs, windowMs)
                        ? HeldKey.first(claim, appendedAtMs)
                        : before.claimed(claim, appendedAtMs);
        held.put(key, now);
        trim(appendedAtMs);
        return now;
    }

    private void trim(long nowMs) {
        var oldest = held.values().iterator();
        while (oldest.hasNext()) {
            boolean lapsed = oldest.next().lapsed(nowMs, windowMs);
            if (!lapsed && held.size() <= keysMax) {
                return;
            }
            if (!lapsed) {
                forgotten.run();
            }
            oldest.remove();
        }
    }

    /** Takes the log's next word that a stream was started. */
    synchronized void started(StartKey key, StartWord.Started word) {
        held.computeIfPresent(
                key, (_, it) -> it.id().equals(word.requestId()) ? it.whenStarted() : it);
        notifyAll();
    }

    /** What is so of a key at this moment, as far as the log was read. */
    synchronized Optional<HeldKey> find(StartKey key, long nowMs) {
        return Optional.ofNullable(held.get(key)).filter(it -> !it.lapsed(nowMs, windowMs));
    }

    /**
     * Waits until the stream of a key was started.
     *
     * @return false if that was not seen in that time
     */
    synchronized boolean awaitStarted(StartKey key, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var now = held.get(key);
            if (now != null && now.started()) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (now == null || left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    synchronized int size() {
        return held.size();
    }
}
