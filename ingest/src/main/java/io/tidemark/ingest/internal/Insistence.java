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
 * @param producer replaced before an attempt if it has failed, for what is written must not queue
 *     up behind what a stuck producer holds; one that cannot be replaced counts as a failed attempt
 * @param pause time between two attempts
 * @param abandoned open for as long as it is ours to do
 */
record Insistence(LogProducer producer, Duration pause, CountDownLatch abandoned) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Insistence.class);

    /** What the action gave in the end; empty if it was abandoned before. */
    <T> Optional<T> untilTaken(Supplier<T> action) {
        while (!over()) {
            try {
                producer.renew();
                return Optional.of(action.get());
            } catch (LogFailedException e) {
                again(String.valueOf(e.getMessage()));
            } catch (KafkaException e) {
                again(e.getClass().getName());
            }
        }
        return Optional.empty();
    }

    private void again(String error) {
        LOGGER.atWarn().addKeyValue("error", error).log("Kafka does not answer, trying again");
        rest();
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
