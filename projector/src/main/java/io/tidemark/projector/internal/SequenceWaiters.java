package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Queries that wait until a stream has come as far as they need, woken by the stream threads.
 *
 * <p>Thread-safe. {@link #reached} is called once per event and neither locks nor blocks: it reads
 * a concurrent map of immutable lists and opens latches. A waiter registers <em>before</em> it
 * looks at the store, and the stream thread writes the store before it signals, so no wake-up is
 * lost.
 */
public final class SequenceWaiters {
    private final ConcurrentHashMap<StreamId, List<Waiter>> waiting = new ConcurrentHashMap<>();
    private final Semaphore places;

    /**
     * No waiter yet.
     *
     * @param waitersMax most waiters at a time; beyond that {@link #register} gives none
     */
    public SequenceWaiters(int waitersMax) {
        this.places = new Semaphore(waitersMax);
    }

    /** One query that waits; to be closed by whoever registered it. */
    public final class Waiter implements AutoCloseable {
        private final StreamId id;
        private final long sequence;
        private final CountDownLatch woken = new CountDownLatch(1);

        private Waiter(StreamId id, long sequence) {
            this.id = id;
            this.sequence = sequence;
        }

        /** Waits for the sequence or for the end of the stream, or until the time is over. */
        public void await(Duration max) throws InterruptedException {
            /* Which of the two it was is for the caller to see in the store. */
            boolean _ = woken.await(max.toNanos(), TimeUnit.NANOSECONDS);
        }

        boolean woken() {
            return woken.getCount() == 0;
        }

        @Override
        public void close() {
            waiting.computeIfPresent(id, (_, waiters) -> without(waiters));
            places.release();
        }

        private @Nullable List<Waiter> without(List<Waiter> waiters) {
            var rest = waiters.stream().filter(waiter -> waiter != this).toList();
            return rest.isEmpty() ? null : rest;
        }
    }

    /** A waiter for a sequence of a stream, or none if too many wait already. */
    public Optional<Waiter> register(StreamId id, long sequence) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        var waiter = new Waiter(id, sequence);
        waiting.merge(
                id,
                List.of(waiter),
                (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
        return Optional.of(waiter);
    }

    /** Tells that a stream has come to {@code sequence}, and whether it ended there. */
    public void reached(StreamId id, long sequence, boolean ended) {
        for (var waiter : waiting.getOrDefault(id, List.of())) {
            if (ended || waiter.sequence <= sequence) {
                waiter.woken.countDown();
            }
        }
    }

    /** Wakes everyone, because nothing will come any more. */
    public void wakeAll() {
        waiting.values().forEach(waiters -> waiters.forEach(waiter -> waiter.woken.countDown()));
    }

    /** How many wait. */
    public int size() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }
}
