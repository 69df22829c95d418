package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;

import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what follows when a stream thread dies: a new thread, as long as that does not become a
 * habit; then the client stops and reports itself dead, so that whoever runs it can see. What Kafka
 * does not allow one thread it does not allow the next: then it stops at once. Thread-safe.
 */
public final class ThreadFaults implements StreamsUncaughtExceptionHandler {
    /** Most threads replaced within {@link #WINDOW}. */
    static final int REPLACED_MAX = 5;

    /** Time in which replaced threads count together. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final int CAUSES_MAX = 20;

    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadFaults.class);

    private final ProjectorMetrics metrics;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();
    /* Written by whoever dies. */
    private volatile @Nullable String notAllowed;

    /** No fault so far. */
    public ThreadFaults(ProjectorMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable fault) {
        metrics.threadFault();
        var denied = denied(fault);
        if (denied.isPresent()) {
            notAllowed = "Kafka does not allow the projector what it does: " + denied.get();
            LOGGER.atError()
                    .addKeyValue("error", denied.get())
                    .log("projector is not allowed by Kafka, stopping");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (replaceable()) {
            LOGGER.atError().setCause(fault).log("projector thread died and is replaced");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOGGER.atError().setCause(fault).log("projector threads die too often, stopping");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** What Kafka did not allow, if that is why it stopped. */
    public Optional<String> notAllowed() {
        return Optional.ofNullable(notAllowed);
    }

    /* What was tried is said by whoever tried it, outside of what Kafka said to it. */
    private static Optional<String> denied(Throwable fault) {
        var chain =
                Stream.<Throwable>iterate(fault, Objects::nonNull, Throwable::getCause)
                        .limit(CAUSES_MAX)
                        .toList();
        return chain.stream().anyMatch(AuthorizationException.class::isInstance)
                ? Optional.of(
                        chain.stream()
                                .map(Throwable::toString)
                                .distinct()
                                .collect(Collectors.joining(": ")))
                : Optional.empty();
    }

    private synchronized boolean replaceable() {
        var now = clock.instant();
        recent.removeIf(fault -> fault.isBefore(now.minus(WINDOW)));
        recent.add(now);
        return recent.size() <= REPLACED_MAX;
    }
}
