package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The idempotent producer of a worker for one topic; whoever sends after it has failed gets
 * another.
 *
 * <p>A producer that lost a record is of no more use: it may be stuck on the partition for as long
 * as records may wait ({@code OUT_OF_ORDER_SEQUENCE_NUMBER}), and would go on behind the hole if it
 * were not. So it is closed, and everything that was on its way through it has failed ({@link
 * ProducerGeneration}). A stream that lost a record that way is read back before anything else is
 * written to it; those that lost nothing move over by {@link Line}.
 *
 * <p>Thread-safe. A full buffer blocks the sender for at most {@code max.block.ms}; that is the
 * backpressure which in the end slows the provider.
 */
final class LogProducer {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogProducer.class);
    private final Supplier<Producer<byte[], byte[]>> factory;
    private final IngestMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    /* Both written under the lock. */
    private volatile ProducerGeneration newest;
    private volatile boolean closed;

    /**
     * @param factory makes the first producer, and another after each failure
     */
    LogProducer(Supplier<Producer<byte[], byte[]>> factory, IngestMetrics metrics) {
        this.factory = factory;
        this.metrics = metrics;
        this.newest = new ProducerGeneration(factory.get());
    }

    /**
     * Sends a record; the callback hears of its fate exactly once, whatever happens. Not in order
     * with other records, unless those are acknowledged.
     */
    void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        try {
            boolean sent = false;
            while (!sent) {
                sent = serving().send(record, callback);
            }
        } catch (NoProducerException e) {
            callback.onCompletion(null, e);
        }
    }

    /** A new way into the log, whose records stay in order. */
    Line line() {
        return new Line();
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
    static <T extends @Nullable Object> T await(
            CompletableFuture<T> acknowledged, String attempted) {
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

    /* One that has not failed, as far as is known. */
    private ProducerGeneration serving() throws NoProducerException {
        var last = newest;
        if (!last.failed()) {
            return last;
        }
        lock.lock();
        try {
            if (newest.failed()) {
                newest = another();
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }

    private ProducerGeneration another() throws NoProducerException {
        if (closed) {
            throw new NoProducerException("closed", null);
        }
        try {
            var made = new ProducerGeneration(factory.get());
            LOGGER.atWarn().log("producer failed, replaced");
            metrics.producerReplaced();
            return made;
        } catch (KafkaException e) {
            /* For instance because no broker's name resolves; whoever sends next tries again. */
            throw new NoProducerException("none can be made", e);
        }
    }

    /** Closes at once; what is in flight is lost, as it is when the process dies. */
    void kill() {
        close(Duration.ZERO);
    }

    /** Closes; what is in flight after that time is lost. */
    void close(Duration longest) {
        lock.lock();
        try {
            closed = true;
            newest.close(longest);
        } finally {
            lock.unlock();
        }
    }

    /** There is nobody to send a record with. */
    private static final class NoProducerException extends Exception {
        private static final long serialVersionUID = 1L;

        NoProducerException(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    /**
     * One writer's way into the log. Its records stay in order when the producer is replaced: a
     * successor gets the first of them when the fate of all before it is known, which is soon, for
     * the predecessor is closed. Nothing is sent after a record that was lost.
     *
     * <p>For records of one partition, whose acknowledgements come in order. Confined to the
     * writer's thread.
     */
    final class Line {
        private final AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
        private ProducerGeneration using = newest;
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

        private Line() {}

        /** Sends a record; the callback hears of its fate exactly once, whatever happens. */
        void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            var over = new CompletableFuture<Void>();
            boolean sent =
                    offer(
                            record,
                            (metadata, failure) -> {
                                broken.compareAndSet(null, failure);
                                callback.onCompletion(metadata, failure);
                                over.complete(null);
                            });
            if (sent) {
                last = over;
            } else {
                callback.onCompletion(null, requireNonNull(broken.get(), "broken"));
            }
        }

        private boolean offer(ProducerRecord<byte[], byte[]> record, Callback callback) {
            while (broken.get() == null) {
                if (using.send(record, callback)) {
                    return true;
                }
                moveOver();
            }
            return false;
        }

        private void moveOver() {
            try {
                last.get();
                using = serving();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a record's fate is never a failure here", e);
            } catch (InterruptedException e) {
                /* Restores the interrupt flag. */
                broken.compareAndSet(null, new InterruptException(e));
            } catch (NoProducerException e) {
                broken.compareAndSet(null, e);
            }
        }
    }
}
