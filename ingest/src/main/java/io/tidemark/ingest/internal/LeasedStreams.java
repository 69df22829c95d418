package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.StreamId;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open streams of a partition that somebody else still writes, by the leases in its log: each
 * is left alone until its lease has lapsed.
 *
 * <p>Time is the log's own, the timestamp of the latest record that was read: whose clock is how
 * wrong makes no difference, and while Kafka stands still no lease lapses. Bounded by what the
 * survey of a partition holds. Confined to the command loop's thread.
 */
final class LeasedStreams {
    private record Entry(Orphan orphan, long until, boolean taken) {}

    private static final long NEVER_VALID = Long.MIN_VALUE;

    private final Map<StreamId, Entry> streams = new LinkedHashMap<>();
    private long time;

    /** A record of that timestamp was read. */
    void passed(long timestamp) {
        time = Math.max(time, timestamp);
    }

    /**
     * Leaves a stream to who writes it.
     *
     * @param until when its lease lapses
     */
    void add(Orphan orphan, long until) {
        streams.put(orphan.id(), new Entry(orphan, until, false));
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    boolean contains(StreamId id) {
        return streams.containsKey(id);
    }

    /** A lease was read; of a stream that is being taken over it tells nothing new. */
    void renew(Lease lease, long timestamp) {
        for (var open : lease.open()) {
            streams.computeIfPresent(
                    open.requestId(),
                    (id, entry) ->
                            new Entry(
                                    new Orphan(
                                            id,
                                            entry.orphan().earliest(),
                                            entry.orphan().attempt().max(open.authority())),
                                    Math.max(entry.until(), end(lease, timestamp)),
                                    entry.taken()));
        }
    }

    /** When a lease that was appended then lapses. */
    static long end(Lease lease, long timestamp) {
        return timestamp + (lease.validMs() == null ? 0 : lease.validMs());
    }

    /** It is ours now, or nobody's. */
    void remove(StreamId id) {
        streams.remove(id);
    }

    /**
     * Who wrote it says that it has ended: nothing is waited for any more. That it has, only a
     * fence and what is before it can tell.
     */
    void lapse(StreamId id) {
        streams.computeIfPresent(
                id, (_, entry) -> new Entry(entry.orphan(), NEVER_VALID, entry.taken()));
    }

    /** Takes so many of what has lapsed, each once. */
    Collection<Orphan> takeLapsed(int most) {
        var lapsed =
                streams.values().stream()
                        .filter(entry -> !entry.taken() && entry.until() < time)
                        .map(Entry::orphan)
                        .limit(most)
                        .toList();
        for (var orphan : lapsed) {
            streams.computeIfPresent(
                    orphan.id(), (_, entry) -> new Entry(entry.orphan(), entry.until(), true));
        }
        return List.copyOf(lapsed);
    }
}
