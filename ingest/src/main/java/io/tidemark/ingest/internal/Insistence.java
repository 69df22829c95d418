package io.tidemark.ingest.internal;

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
 * @param producer replaced after each failure, if it was the one that failed
 * @param pause time between two attempts
 * @param abandoned open for as long as it is ours to do
 */
record Insistence(LogProducer producer, Duration pause, CountDownLatch abandoned) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Insistence.class);

    /** What the action gave in the end; empty if it was abandoned before. */
    <T> Optional<T> untilTaken(Supplier<T> action) {
        while (!over()) {
            try {
                return Optional.of(action.get());
            } catch (LogFailedException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", e.getMessage())
                        .log("Kafka does not answer, trying again");
                if (!over()) {
                    producer.renew();
                    rest();
                }
            }
        }
        return Optional.empty();
    }

    private boolean over() {
        return abandoned.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    private void rest() {
        try {
            boolean _ = abandoned.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
