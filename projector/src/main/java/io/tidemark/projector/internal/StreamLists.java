package io.tidemark.projector.internal;

import static java.util.stream.Collectors.toMap;

import io.tidemark.projector.internal.Answer.Reason;

import org.apache.kafka.streams.errors.InvalidStateStoreException;

import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lists the streams of partitions whose stores are here. A list is right only where it is complete,
 * so each needs a {@link Proof}. Thread-safe; looks at a bounded number of entries, for a bounded
 * number of questions at a time.
 */
public final class StreamLists {
    /** Most entries that are looked at for one page, in all partitions together. */
    static final int LOOKS_MAX = 10_000;

    private final Proof proof;
    private final int looksOfPartition;
    private final Semaphore turns;

    /**
     * Lists from the stores that are here.
     *
     * @param partitions how many the log has, each of which has the same share of what may be
     *     looked at
     * @param listsMax most questions at a time
     */
    public StreamLists(Proof proof, int partitions, int listsMax) {
        this.proof = proof;
        this.looksOfPartition = Math.max(1, LOOKS_MAX / partitions);
        this.turns = new Semaphore(listsMax);
    }

    /** The next page of the partitions that are asked for. */
    Listed page(Set<Integer> partitions, StreamFilter filter, int limit)
            throws InterruptedException {
        var failed = proof.of(partitions);
        if (!failed.isEmpty()) {
            return new Listed.Unavailable(failed);
        }
        if (!turns.tryAcquire(ResponseQuery.TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            return unavailable(partitions, Reason.BUSY);
        }
        try {
            return scan(partitions, filter, limit);
        } finally {
            turns.release();
        }
    }

    private Listed scan(Set<Integer> partitions, StreamFilter filter, int limit) {
        var pages = new ArrayList<StreamPage>();
        var failed = new TreeMap<Integer, Reason>();
        for (int partition : partitions) {
            try {
                var store = proof.stores().store(ProjectorStores.STREAMS, partition);
                pages.add(StreamScan.page(store, filter, limit, looksOfPartition));
            } catch (InvalidStateStoreException e) {
                failed.put(partition, Reason.RESTORING);
            }
        }
        return failed.isEmpty()
                ? new Listed.Found(StreamPage.merge(pages, limit))
                : new Listed.Unavailable(failed);
    }

    static Listed.Unavailable unavailable(Set<Integer> partitions, Reason reason) {
        Map<Integer, Reason> all =
                partitions.stream().collect(toMap(partition -> partition, _ -> reason));
        return new Listed.Unavailable(all);
    }
}
