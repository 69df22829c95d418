package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Deletes keys of streams a second time, some while after the first: a segment of a partition that
 * nobody writes to never ends, and until it has the brokers compact nothing that is in it. One
 * deletion is enough for all before it, so no more than one of each partition waits. What waits is
 * lost when the edge stops; whatever is written to the partition later does the same. Thread-safe.
 */
final class LateDeletions implements AutoCloseable {
    /** Longer than a segment of the keys is written to. */
    static final Duration AFTER = Topics.KEY_COMPACTION_LAG.plusMinutes(1);

    /** Runs something later. */
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    private record Latest(StreamId id, long atNanos) {}

    private final Timer timer;
    private final LongSupplier nanos;
    private final Consumer<StreamId> delete;
    private final Runnable stop;
    private final Map<Integer, Latest> waiting = new ConcurrentHashMap<>();

    /**
     * Deletions that wait.
     *
     * @param nanos what {@link System#nanoTime} gives
     * @param delete deletes a key; on the timer's thread, which it may block
     * @param stop stops the timer
     */
    LateDeletions(Timer timer, LongSupplier nanos, Consumer<StreamId> delete, Runnable stop) {
        this.timer = timer;
        this.nanos = nanos;
        this.delete = delete;
        this.stop = stop;
    }

    /** With a thread of its own. */
    static LateDeletions start(Consumer<StreamId> delete) {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("tidemark-edge-keys").daemon().factory());
        return new LateDeletions(
                (delay, task) -> {
                    var _ = thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
                },
                System::nanoTime,
                delete,
                thread::shutdownNow);
    }

    /** The key of a stream was deleted. */
    void add(StreamId id) {
        var before = waiting.put(id.partition(), new Latest(id, nanos.getAsLong()));
        if (before == null) {
            timer.after(AFTER, () -> due(id.partition()));
        }
    }

    private void due(int partition) {
        var latest = waiting.get(partition);
        if (latest == null) {
            return;
        }
        var left = AFTER.minusNanos(nanos.getAsLong() - latest.atNanos());
        if (!left.isPositive() && waiting.remove(partition, latest)) {
            delete.accept(latest.id());
        } else {
            timer.after(left.isPositive() ? left : AFTER, () -> due(partition));
        }
    }

    /** How many wait. */
    int size() {
        return waiting.size();
    }

    @Override
    public void close() {
        stop.run();
    }
}
