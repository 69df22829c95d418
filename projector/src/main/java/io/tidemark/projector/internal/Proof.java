package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Reason;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Proves that the stores of this instance hold everything that the log held when a question came.
 *
 * <p>The proof is the log's: its end is asked for after the question, and the stores say how far
 * they have taken it in. Whether this instance is still the one that the group has given the
 * partition is not asked, and need not be: what is proven is right, whoever the partition belongs
 * to by now, and what a cut-off instance cannot prove it does not say. Thread-safe.
 *
 * @param stores the stores that this instance writes, and has restored
 * @param ends where the log ends
 */
public record Proof(StoreView stores, LogEnds ends) {
    /** Longest time that a proof may take. */
    static final Duration MAX = Duration.ofSeconds(1);

    /* How often the stores are looked at while they are about to come to the end of the log. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    /** Whether what is here is good for anything; see {@link KafkaLogEnds#SILENCE_MAX}. */
    boolean inTouch() {
        return ends.inTouch();
    }

    /**
     * Tries it.
     *
     * @return the partitions of which it failed, each with why; empty if it is done
     */
    Map<Integer, Reason> of(Set<Integer> partitions) throws InterruptedException {
        var failed = absent(partitions);
        if (!failed.isEmpty()) {
            return failed;
        }
        long deadline = System.nanoTime() + MAX.toNanos();
        var now = ends.now(partitions, MAX);
        for (int partition : partitions) {
            var end = now.get(partition);
            var reason = end == null ? Reason.LOG_UNREACHABLE : reached(partition, end, deadline);
            if (reason != null) {
                failed.put(partition, reason);
            }
        }
        return failed;
    }

    /* Known without a word to Kafka. */
    private Map<Integer, Reason> absent(Set<Integer> partitions) {
        var absent = new TreeMap<Integer, Reason>();
        for (int partition : partitions) {
            try {
                var _ = stores.store(ProjectorStores.STREAMS, partition);
            } catch (InvalidStateStoreException e) {
                absent.put(partition, Reason.RESTORING);
            }
        }
        return absent;
    }

    private @Nullable Reason reached(int partition, long end, long deadline)
            throws InterruptedException {
        try {
            var store = stores.store(ProjectorStores.STREAMS, partition);
            while (StreamIndex.takenIn(store) < end) {
                if (System.nanoTime() >= deadline) {
                    return Reason.BEHIND;
                }
                pause();
            }
            return null;
        } catch (InvalidStateStoreException e) {
            return Reason.RESTORING;
        }
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException("stopping");
        }
    }
}
