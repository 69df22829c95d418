package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestTimings;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Writes the leases of a worker in time, whatever the command loop waits for meanwhile.
 *
 * <pre>
 *   loop --add, remove--&gt; Vouched, one for each partition --read at each interval--&gt; leases
 * </pre>
 *
 * <p>The loop's thread says what is vouched for; a thread of its own, which {@linkplain #run runs}
 * it, asks each stream how far it has come and writes. One round at a time, since a full producer
 * buffer may block; a lease that Kafka does not take is forgotten, for a newer one follows.
 * Thread-safe.
 */
final class LeaseKeeper implements Runnable, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LogProducer producer;
    private final String topicName;
    private final String worker;
    private final IngestTimings timings;
    private final InstantSource clock;
    private final Set<Vouched> partitions = ConcurrentHashMap.newKeySet();
    /* A permit for each wish that leases be written before their time. */
    private final Semaphore due = new Semaphore(0);
    private volatile boolean closed;

    LeaseKeeper(
            LogProducer producer,
            String topicName,
            String worker,
            IngestTimings timings,
            InstantSource clock) {
        this.producer = producer;
        this.topicName = topicName;
        this.worker = worker;
        this.timings = timings;
        this.clock = clock;
    }

    /**
     * What we vouch for in one partition: streams that we write, and streams that we have fenced
     * and are about to write. Changed by the loop's thread, until it is closed.
     */
    final class Vouched implements AutoCloseable {
        private final int partition;
        private final Map<StreamId, Supplier<OpenStream>> streams = new ConcurrentHashMap<>();
        private volatile boolean tellsTime;

        private Vouched(int partition) {
            this.partition = partition;
        }

        /**
         * The leases name that stream from now on.
         *
         * @param progress how far it has come; called on any thread
         */
        void add(StreamId id, Supplier<OpenStream> progress) {
            streams.put(id, progress);
        }

        /** They do not name it any more. */
        void remove(StreamId id) {
            streams.remove(id);
        }

        /** Whether they are written without a stream too, for whoever waits for time to pass. */
        void tellTime(boolean now) {
            tellsTime = now;
        }

        /** One is to be written before its time: somebody waits for what it tells. */
        void soon() {
            due.release();
        }

        /** The proof that we live; empty if there is nothing to tell. */
        Optional<Lease> lease() {
            var open = streams.values().stream().map(Supplier::get).toList();
            return open.isEmpty() && !tellsTime
                    ? Optional.empty()
                    : Optional.of(
                            new Lease(
                                    partition,
                                    clock.millis(),
                                    worker,
                                    timings.leaseValid().toMillis(),
                                    open));
        }

        /** No lease is written for it any more. */
        @Override
        public void close() {
            partitions.remove(this);
        }
    }

    /** Nothing is vouched for yet. */
    Vouched vouch(int partition) {
        var vouched = new Vouched(partition);
        partitions.add(vouched);
        return vouched;
    }

    /** Writes leases until it is closed. */
    @Override
    public void run() {
        while (!closed) {
            long next = System.nanoTime() + timings.leaseInterval().toNanos();
            writeAll();
            rest(next - System.nanoTime());
        }
    }

    private void rest(long nanos) {
        try {
            boolean _ = due.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            due.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void writeAll() {
        try {
            for (var vouched : partitions) {
                vouched.lease().ifPresent(this::write);
            }
        } catch (RuntimeException | Error e) { // one round is not worth all that follow
            LOGGER.atError()
                    .addKeyValue("error", e.getClass().getName())
                    .setCause(Redacted.of(e))
                    .log("leases not written by a bug");
        }
    }

    private void write(Lease lease) {
        producer.send(
                CommandCodec.record(topicName, lease),
                (_, failure) -> {
                    if (failure != null) {
                        LOGGER.atWarn()
                                .addKeyValue("partition", lease.partition())
                                .addKeyValue("error", failure.toString())
                                .log("lease not written");
                    }
                });
    }

    /**
     * Writes the leases of these partitions now, beside those that are written in time, and waits
     * until they are in the log; while there is time it tries again.
     *
     * @return whether they were, in that time; if not, whoever owns the partitions next may take
     *     their streams over, and the next lease is written as soon as Kafka takes it
     */
    boolean writeNow(Collection<Vouched> last, Duration longest) {
        if (leases(last).isEmpty()) {
            return true;
        }
        var givenUp = new CountDownLatch(1);
        var insistence = new Insistence(timings.retry(), givenUp);
        var written = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("tidemark-last-leases")
                .start(() -> {
                    try {
                        insistence
                                .untilTaken(() -> sendAndWait(last))
                                .ifPresent(_ -> written.complete(null));
                    } catch (RuntimeException | Error e) {
                        written.completeExceptionally(e);
                    }
                });
        try {
            written.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("last leases not written");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            givenUp.countDown();
        }
        due.release();
        return false;
    }

    private List<RecordMetadata> sendAndWait(Collection<Vouched> last) {
        var sent =
                leases(last).stream()
                        .map(lease -> CommandCodec.record(topicName, lease))
                        .map(producer::sent)
                        .toList();
        return sent.stream().map(lease -> LogProducer.await(lease, "write a lease")).toList();
    }

    private static List<Lease> leases(Collection<Vouched> partitions) {
        return partitions.stream().flatMap(vouched -> vouched.lease().stream()).toList();
    }

    /** Nothing is written from now on, but for a lease that is on its way. */
    @Override
    public void close() {
        closed = true;
        due.release();
    }
}
