package io.tidemark.standalone;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was started, closed in reverse order; a part that cannot be closed does not keep the others
 * open. Thread-safe.
 */
final class ShutdownStack implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShutdownStack.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean clean = true;

    private record Part(String name, AutoCloseable resource) {}

    /** Adds what was started last. */
    synchronized <T extends AutoCloseable> T push(String name, T resource) {
        parts.push(new Part(name, resource));
        return resource;
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.resource().close();
            } catch (Exception e) {
                clean = false;
                LOGGER.atError()
                        .addKeyValue("role", part.name())
                        .setCause(e)
                        .log("role could not be stopped cleanly");
            }
        }
    }

    /** Whether everything closed so far closed without an error. */
    synchronized boolean clean() {
        return clean;
    }
}
