package io.tidemark.faults;

import io.tidemark.standalone.client.EventStream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Open connections, and a watch that cuts those on which nothing has come for a while: the edge
 * behind it may be stopped, and its kernel goes on holding the connection. Thread-safe.
 */
final class Connections implements AutoCloseable {
    /** How long a client waits for the next event before it tries elsewhere. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    private final Set<Watched> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("connection-watch").factory());

    private final Future<?> watching =
            watch.scheduleWithFixedDelay(this::cutSilent, 1, 1, TimeUnit.SECONDS);

    /** A connection under watch until it is closed. */
    final class Watched implements AutoCloseable {
        private final EventStream stream;
        /* Written by the thread that reads, read by the watch. */
        private volatile long heardAt = System.nanoTime();

        private Watched(EventStream stream) {
            this.stream = stream;
        }

        /** Something came. */
        void heard() {
            heardAt = System.nanoTime();
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    Watched watch(EventStream stream) {
        var watched = new Watched(stream);
        open.add(watched);
        return watched;
    }

    private void cutSilent() {
        long now = System.nanoTime();
        for (var watched : open) {
            if (now - watched.heardAt > SILENCE_MAX.toNanos()) {
                watched.stream.close();
            }
        }
    }

    @Override
    public void close() {
        watching.cancel(false);
        watch.shutdownNow();
    }
}
