package io.tidemark.ingest.internal;

import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries something until Kafka takes it, for as long as it is ours to do: a stream must not stay
 * without an end while its owner lives. Blocks; meant for virtual threads. Thread-safe.
 *
 * @param pause time between two attempts; doubled after each that failed by a bug of ours, which
 *     time alone does not mend, up to {@link #PAUSE_MAX}
 * @param abandoned open for as long as it is ours to do
 */
record Insistence(Duration pause, CountDownLatch abandoned) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Insistence.class);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    /**
     * What the action gave in the end; empty if it was abandoned before.
     *
     * @throws OutrankedException if the action finds that it is not ours to do any more
     */
    <T> Optional<T> untilTaken(Supplier<T> action) {
        var bugPause = pause;
        while (!over()) {
            try {
                return Optional.of(action.get());
            } catch (OutrankedException e) {
                throw e;
            } catch (LogFailedException e) {
                unanswered(String.valueOf(e.getMessage()));
                rest(pause);
            } catch (KafkaException e) {
                unanswered(e.getClass().getName());
                rest(pause);
            } catch (RuntimeException e) {
                failed(e);
                rest(bugPause);
                bugPause = longer(bugPause);
            }
        }
        return Optional.empty();
    }

    private static void unanswered(String error) {
        LOGGER.atWarn().addKeyValue("error", error).log("Kafka does not answer, trying again");
    }

    private static void failed(RuntimeException e) {
        LOGGER.atError()
                .addKeyValue("error", e.getClass().getName())
                .setCause(Redacted.of(e))
                .log("failed by a bug, trying again");
    }

    private static Duration longer(Duration rest) {
        var twice = rest.multipliedBy(2);
        return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    }

    private boolean over() {
        return abandoned.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    private void rest(Duration longest) {
        try {
            boolean _ = abandoned.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
