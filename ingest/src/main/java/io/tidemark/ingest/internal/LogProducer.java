package io.tidemark.ingest.internal;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one idempotent producer of a worker, replaced when it has failed.
 *
 * <p>A producer that lost a batch can be stuck on its partition for ever ({@code
 * OUT_OF_ORDER_SEQUENCE_NUMBER}), so a failure makes it a suspect, and {@link #renew} closes a
 * suspect without waiting. That fails what it still held, which breaks those streams and no others:
 * a stream without records in flight goes on with the successor, and a stream that broke is read
 * back before anything else is written to it.
 *
 * <p>Thread-safe. A full buffer blocks the sender for at most {@code max.block.ms}; that is the
 * backpressure which in the end slows the provider.
 */
final class LogProducer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogProducer.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> factory;
    private final IngestMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    /* Written under the lock. */
    private volatile Generation generation;
    /* Number of the latest generation that failed. */
    private final AtomicInteger suspect = new AtomicInteger(-1);
    /* Guarded by the lock. */
    private boolean closed;

    private record Generation(int number, Producer<byte[], byte[]> producer) {}

    LogProducer(Supplier<Producer<byte[], byte[]>> factory, IngestMetrics metrics) {
        this.factory = factory;
        this.metrics = metrics;
        this.generation = new Generation(0, factory.get());
    }

    /** Sends a record; the callback hears of its fate exactly once, whatever happens. */
    void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        var using = generation;
        try {
            /* The callback hears all that the future would. */
            var _ =
                    using.producer()
                            .send(
                                    record,
                                    (metadata, failure) -> {
                                        if (failure != null && fatal(failure)) {
                                            suspect.accumulateAndGet(using.number(), Math::max);
                                        }
                                        callback.onCompletion(metadata, failure);
                                    });
        } catch (InterruptException e) {
            /* Kafka has restored the interrupt flag. */
            callback.onCompletion(null, e);
        } catch (KafkaException | IllegalStateException e) {
            suspect.accumulateAndGet(using.number(), Math::max);
            callback.onCompletion(null, e instanceof KafkaException ? e : new KafkaException(e));
        }
    }

    /* A full buffer says nothing of the producer, nor does a record that never entered it. */
    private static boolean fatal(Exception failure) {
        return !(failure instanceof BufferExhaustedException
                || failure instanceof RecordTooLargeException);
    }

    /**
     * Sends a record and waits until the brokers have it.
     *
     * @throws LogFailedException if they do not take it
     */
    RecordMetadata sendAndWait(ProducerRecord<byte[], byte[]> record) {
        return await(sent(record), "write to " + record.topic());
    }

    /** Sends a record; the answer comes with the acknowledgement, or fails. */
    CompletableFuture<RecordMetadata> sent(ProducerRecord<byte[], byte[]> record) {
        var acknowledged = new CompletableFuture<RecordMetadata>();
        send(
                record,
                (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.complete(metadata);
                    } else {
                        acknowledged.completeExceptionally(failure);
                    }
                });
        return acknowledged;
    }

    /** Waits for an acknowledgement, which comes within {@code delivery.timeout.ms}. */
    static RecordMetadata await(CompletableFuture<RecordMetadata> acknowledged, String attempted) {
        try {
            return acknowledged.get();
        } catch (ExecutionException e) {
            var cause = e.getCause();
            throw new LogFailedException(attempted, cause == null ? e : cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailedException(attempted, e);
        }
    }

    /**
     * Replaces the producer if it has failed; does nothing if it has not, or was replaced.
     *
     * @throws KafkaException if no other can be made, for instance because no broker's name
     *     resolves; the one that failed stays, and the next call tries again
     */
    void renew() {
        lock.lock();
        try {
            var failed = generation;
            if (!closed && suspect.get() == failed.number()) {
                generation = new Generation(failed.number() + 1, factory.get());
                LOGGER.atWarn().log("producer failed, replaced");
                metrics.producerReplaced();
                close(failed.producer());
            }
        } finally {
            lock.unlock();
        }
    }

    /* The successor is in place: whatever closing brings is no failure of the replacement. */
    private static void close(Producer<byte[], byte[]> failed) {
        try {
            failed.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getClass().getName())
                    .log("failed producer did not close");
        }
    }

    @Override
    public void close() {
        close(CLOSE_MAX);
    }

    /** Closes at once; what is in flight is lost, as it is when the process dies. */
    void kill() {
        close(Duration.ZERO);
    }

    private void close(Duration longest) {
        lock.lock();
        try {
            closed = true;
            generation.producer().close(longest);
        } finally {
            lock.unlock();
        }
    }
}
