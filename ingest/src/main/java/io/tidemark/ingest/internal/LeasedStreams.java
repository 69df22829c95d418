package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.StreamId;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open streams of a partition that somebody else still writes, by the leases in its log: each
 * is left alone until its lease has lapsed.
 *
 * <p>Time is the log's own, the timestamp of the latest record that was read: whose clock is how
 * wrong makes no difference, and while Kafka stands still no lease lapses. Bounded by what the
 * survey of a partition holds. Confined to the command loop's thread.
 */
final class LeasedStreams {
    private record Entry(long offset, Claim claim, long until, boolean claimed) {}

    private final Map<StreamId, Entry> streams = new LinkedHashMap<>();
    private long time;

    /** A record of that timestamp was read. */
    void passed(long timestamp) {
        time = Math.max(time, timestamp);
    }

    /**
     * Leaves a stream to who writes it.
     *
     * @param offset of its start
     * @param until when its lease lapses
     */
    void add(long offset, Claim claim, long until) {
        streams.put(claim.id(), new Entry(offset, claim, until, false));
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    boolean contains(StreamId id) {
        return streams.containsKey(id);
    }

    /** A lease was read; it is nobody's business once a stream was claimed. */
    void renew(Lease lease, long timestamp) {
        for (var open : lease.open()) {
            streams.computeIfPresent(
                    open.requestId(),
                    (id, entry) ->
                            new Entry(
                                    entry.offset(),
                                    new Claim(
                                            id,
                                            entry.claim().earliest(),
                                            Math.max(entry.claim().attempt(), open.attempt())),
                                    Math.max(entry.until(), end(lease, timestamp)),
                                    entry.claimed()));
        }
    }

    /** When a lease that was appended then lapses. */
    static long end(Lease lease, long timestamp) {
        return timestamp + (lease.validMs() == null ? 0 : lease.validMs());
    }

    /** It has ended, or is ours now; the offset of its start if it was left to somebody. */
    Optional<Long> remove(StreamId id) {
        return Optional.ofNullable(streams.remove(id)).map(Entry::offset);
    }

    /** Claims what has lapsed, once. */
    Collection<Claim> claimLapsed() {
        var lapsed =
                streams.values().stream()
                        .filter(entry -> !entry.claimed() && entry.until() < time)
                        .map(Entry::claim)
                        .toList();
        for (var claim : lapsed) {
            streams.computeIfPresent(
                    claim.id(),
                    (_, entry) -> new Entry(entry.offset(), entry.claim(), entry.until(), true));
        }
        return List.copyOf(lapsed);
    }
}
