package io.tidemark.standalone;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What was started, closed in reverse order; a part that cannot be closed does not keep the others
 * open. Thread-safe.
 */
final class ShutdownStack implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShutdownStack.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    /* Beside the lock: a role that fails while it is closed would wait for who closes it. */
    private final AtomicBoolean clean = new AtomicBoolean(true);

    private record Part(String name, AutoCloseable resource) {}

    /** Adds what was started last. */
    synchronized <T extends AutoCloseable> T push(String name, T resource) {
        parts.push(new Part(name, resource));
        return resource;
    }

    /**
     * Watches a role that may end by itself.
     *
     * @param stopped completes exceptionally if it does
     */
    void watch(String name, CompletionStage<?> stopped) {
        var _ =
                stopped.whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOGGER.atError().addKeyValue("role", name).log("role has ended by itself");
                        fail();
                    }
                });
    }

    private void fail() {
        clean.set(false);
        failed.countDown();
    }

    /** Waits until a role that is watched has ended by itself. */
    void awaitFailure() throws InterruptedException {
        failed.await();
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.resource().close();
            } catch (Exception e) {
                clean.set(false);
                LOGGER.atError()
                        .addKeyValue("role", part.name())
                        .setCause(e)
                        .log("role could not be stopped cleanly");
            }
        }
    }

    /** Whether no role ended by itself, and everything closed so far closed without an error. */
    boolean clean() {
        return clean.get();
    }
}
