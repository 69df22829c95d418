package io.tidemark.ingest.internal;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One of the producers that a worker has had.
 *
 * <pre>
 *   serving --a record is lost--&gt; failed: closed at once, with all that it holds
 * </pre>
 *
 * <p>Kafka would go on with the records behind a lost one, and they would leave a hole in their
 * stream. So the thread that tells of the loss, which is the one that sends, closes the producer
 * before it tells: nothing is sent after that. What was on its way to other partitions is lost with
 * it; whoever wrote it hears so and reads back.
 *
 * <p>A record that the producer never took, for its buffer is full or no broker told where to send
 * it, leaves no hole.
 *
 * <p>Thread-safe.
 */
final class ProducerGeneration {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerGeneration.class);

    private final Producer<byte[], byte[]> kafka;
    private final AtomicBoolean failed = new AtomicBoolean();

    ProducerGeneration(Producer<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Sends a record; the callback hears of its fate exactly once, whatever happens.
     *
     * @return false if it has failed: then nothing was sent, and the callback hears nothing
     */
    boolean send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (failed()) {
            return false;
        }
        var flight = new Flight(callback);
        try {
            /* The callback hears all that the future would. */
            var _ = kafka.send(record, flight);
        } catch (KafkaException e) {
            flight.onCompletion(null, e);
        } catch (IllegalStateException e) {
            flight.onCompletion(null, new KafkaException(e));
        }
        flight.taken = true;
        return true;
    }

    /** Whether it has lost a record, and takes no more. */
    boolean failed() {
        return failed.get();
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

    private void lost() {
        if (failed.compareAndSet(false, true)) {
            close(Duration.ZERO);
        }
    }

    /** One record on its way. */
    private final class Flight implements Callback {
        private final Callback callback;
        private final Thread sender = Thread.currentThread();
        private final AtomicBoolean over = new AtomicBoolean();
        /* Looked at by the sender's thread alone. */
        private boolean taken;

        Flight(Callback callback) {
            this.callback = callback;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            if (failure != null && (taken || !sender.equals(Thread.currentThread()))) {
                lost();
            }
            callback.onCompletion(metadata, failure);
        }
    }
}
