package io.tidemark.ingest.internal;

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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one idempotent producer of a worker, replaced when it has failed.
 *
 * <p>A producer that lost a batch can be stuck on its partition for ever ({@code
 * OUT_OF_ORDER_SEQUENCE_NUMBER}), so a failure makes it a suspect, and {@link #renew} puts another
 * in its place. The old one keeps what is on its way to other partitions until it is acknowledged
 * ({@link ProducerGeneration}), so that a partition that is down breaks its own streams and no
 * others. A stream that broke is read back before anything else is written to it; the rest move
 * over by {@link Line}.
 *
 * <p>Thread-safe. A full buffer blocks the sender for at most {@code max.block.ms}; that is the
 * backpressure which in the end slows the provider.
 */
final class LogProducer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogProducer.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    /** Most replaced producers that are not closed yet; a further replacement waits for a place. */
    static final int RETIRED_MAX = 2;

    private final Supplier<Producer<byte[], byte[]>> factory;
    private final Duration delivery;
    private final IngestMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /* Written under the lock. */
    private volatile ProducerGeneration newest;
    /* Both guarded by the lock. */
    private final Set<ProducerGeneration> retired = new HashSet<>();
    private boolean closed;

    /**
     * @param factory makes the first producer, and another after each failure
     * @param delivery how long a producer may take to learn of a record's fate
     */
    LogProducer(
            Supplier<Producer<byte[], byte[]>> factory, Duration delivery, IngestMetrics metrics) {
        this.factory = factory;
        this.delivery = delivery;
        this.metrics = metrics;
        this.newest = new ProducerGeneration(factory.get());
    }

    /**
     * Sends a record; the callback hears of its fate exactly once, whatever happens. Not in order
     * with other records, unless those are acknowledged.
     */
    void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        boolean sent = false;
        while (!sent) {
            sent = newest.send(record, callback);
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
     * Replaces the producer if it has failed; does nothing if it has not, or was replaced. Waits,
     * for no longer than the delivery time, while {@value #RETIRED_MAX} are being closed already;
     * if none is closed by then the one that failed stays.
     *
     * @throws KafkaException if no other can be made, for instance because no broker's name
     *     resolves; the one that failed stays, and the next call tries again
     */
    void renew() {
        lock.lock();
        try {
            awaitPlace();
            if (due() && retired.size() < RETIRED_MAX) {
                replace();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean due() {
        return !closed && newest.suspect();
    }

    private void awaitPlace() {
        long left = delivery.toNanos();
        try {
            while (due() && retired.size() == RETIRED_MAX && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void replace() {
        var failed = newest;
        newest = new ProducerGeneration(factory.get());
        failed.retire();
        retired.add(failed);
        changed.signalAll();
        LOGGER.atWarn().log("producer failed, replaced");
        metrics.producerReplaced();
        Thread.ofVirtual().name("tidemark-producer-close").start(() -> closeRetired(failed));
    }

    private void closeRetired(ProducerGeneration generation) {
        generation.closeWhenDrained(delivery);
        lock.lock();
        try {
            retired.remove(generation);
            changed.signalAll();
        } finally {
            lock.unlock();
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
            changed.signalAll();
            newest.close(longest);
            retired.forEach(generation -> generation.close(Duration.ZERO));
        } finally {
            lock.unlock();
        }
    }

    /**
     * One writer's way into the log. Its records stay in order when the producer is replaced: a
     * successor gets the first of them when the predecessor holds none any more, and until then the
     * sender waits, for no longer than the delivery time. Nothing is sent after a record that was
     * lost.
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
                callback.onCompletion(null, broken.get());
            }
        }

        private boolean offer(ProducerRecord<byte[], byte[]> record, Callback callback) {
            while (broken.get() == null) {
                if (using.send(record, callback)) {
                    return true;
                }
                awaitLast();
                using = newest;
            }
            return false;
        }

        private void awaitLast() {
            try {
                last.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a record's fate is never a failure here", e);
            } catch (InterruptedException e) {
                /* Restores the interrupt flag. */
                broken.compareAndSet(null, new InterruptException(e));
            }
        }
    }
}
