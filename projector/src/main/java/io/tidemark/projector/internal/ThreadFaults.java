package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides what follows when a stream thread dies: a new thread, as long as that does not become a
 * habit; then the client stops and reports itself dead, so that whoever runs it can see.
 * Thread-safe.
 */
public final class ThreadFaults implements StreamsUncaughtExceptionHandler {
    /** Most threads replaced within {@link #WINDOW}. */
    static final int REPLACED_MAX = 5;

    /** Time in which replaced threads count together. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadFaults.class);

    private final ProjectorMetrics metrics;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();

    /** No fault so far. */
    public ThreadFaults(ProjectorMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable fault) {
        metrics.threadFault();
        if (replaceable()) {
            LOGGER.atError().setCause(fault).log("projector thread died and is replaced");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOGGER.atError().setCause(fault).log("projector threads die too often, stopping");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private synchronized boolean replaceable() {
        var now = clock.instant();
        recent.removeIf(fault -> fault.isBefore(now.minus(WINDOW)));
        recent.add(now);
        return recent.size() <= REPLACED_MAX;
    }
}
