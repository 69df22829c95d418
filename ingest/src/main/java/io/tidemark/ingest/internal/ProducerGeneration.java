package io.tidemark.ingest.internal;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the producers that a worker has had, and what it still holds.
 *
 * <pre>
 *   serving --retire--&gt; retired --holds nothing but of failed partitions, or time--&gt; closed
 * </pre>
 *
 * <p>What a retired one holds of a healthy partition is acknowledged soon, and closing waits for
 * it. What it holds of a partition on which a record was lost is dropped: Kafka would go on with
 * the records behind that one, and they would leave a hole in their streams.
 *
 * <p>Thread-safe.
 */
final class ProducerGeneration {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerGeneration.class);

    private final Producer<byte[], byte[]> kafka;
    private final Map<TopicPartition, Held> held = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    /* Only ever set, by whoever hears of a failure. */
    private volatile boolean suspect;
    /* Only ever set, by whoever replaces it. */
    private volatile boolean retired;

    ProducerGeneration(Producer<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Sends a record; the callback hears of its fate exactly once, whatever happens.
     *
     * @return false if it was retired: then nothing was sent, and the callback hears nothing
     */
    boolean send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        var partition =
                held.computeIfAbsent(
                        new TopicPartition(record.topic(), record.partition()), _ -> new Held());
        /* Counted before the question, so that whoever retires it waits for one of us two. */
        partition.records.incrementAndGet();
        if (retired) {
            leave(partition);
            return false;
        }
        var flight = new Flight(partition, callback);
        try {
            /* The callback hears all that the future would. */
            var _ = kafka.send(record, flight);
        } catch (KafkaException e) {
            flight.onCompletion(null, e);
        } catch (IllegalStateException e) {
            flight.onCompletion(null, new KafkaException(e));
        }
        return true;
    }

    /** Whether it should be replaced: it has lost a record, and may be stuck on the partition. */
    boolean suspect() {
        return suspect;
    }

    /** Makes it take nothing more. Does not wait. */
    void retire() {
        retired = true;
        noteDrained();
    }

    /** Closes it, once retired, as soon as it holds nothing that may still be written. */
    void closeWhenDrained(Duration longest) {
        drained.completeOnTimeout(null, longest.toNanos(), TimeUnit.NANOSECONDS).join();
        close(Duration.ZERO);
    }

    /** Closes it; what it holds after that time is lost. */
    void close(Duration longest) {
        try {
            kafka.close(longest);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getClass().getName())
                    .log("producer did not close");
        }
    }

    private void leave(Held partition) {
        partition.records.decrementAndGet();
        if (retired) {
            noteDrained();
        }
    }

    private void noteDrained() {
        if (held.values().stream().noneMatch(Held::worthWaitingFor)) {
            drained.complete(null);
        }
    }

    /* Neither a full buffer nor a record that never entered it says anything of the producer. */
    private static boolean fatal(Exception failure) {
        return !(failure instanceof BufferExhaustedException
                || failure instanceof RecordTooLargeException
                || failure instanceof InterruptException);
    }

    /** What is on its way to one partition. */
    private static final class Held {
        private final AtomicInteger records = new AtomicInteger();
        /* Only ever set. */
        private volatile boolean failed;

        boolean worthWaitingFor() {
            return !failed && records.get() > 0;
        }
    }

    /** One record on its way. */
    private final class Flight implements Callback {
        private final Held partition;
        private final Callback callback;
        private final AtomicBoolean over = new AtomicBoolean();

        Flight(Held partition, Callback callback) {
            this.partition = partition;
            this.callback = callback;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            if (failure != null && fatal(failure)) {
                partition.failed = true;
                suspect = true;
            }
            try {
                callback.onCompletion(metadata, failure);
            } finally {
                leave(partition);
            }
        }
    }
}
