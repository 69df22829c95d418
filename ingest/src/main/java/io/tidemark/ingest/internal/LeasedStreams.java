package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open streams of a partition that somebody else still writes, by the leases in its log: each
 * is left alone until its lease has lapsed.
 *
 * <p>Time is the {@linkplain LogTime log's own}: of a silence only {@link #SILENCE_COUNTED_MAX}
 * count, so that neither Kafka standing still nor the clock of a new leader lapses a lease that is
 * renewed in time. Bounded by what the survey of a partition holds. Confined to the command loop's
 * thread.
 */
final class LeasedStreams {
    /**
     * How much of the time between two records counts: what is left of a lease of six seconds when
     * it is time for the next.
     */
    static final Duration SILENCE_COUNTED_MAX = Duration.ofSeconds(4);

    private record Entry(Orphan orphan, long until, boolean taken) {}

    private static final long NEVER_VALID = Long.MIN_VALUE;

    private final Map<StreamId, Entry> streams = new LinkedHashMap<>();
    private final LogTime time;

    /** None yet. */
    LeasedStreams(LogTime time) {
        this.time = time;
    }

    /**
     * Leaves a stream to who writes it.
     *
     * @param until when its lease lapses
     */
    void add(Orphan orphan, long until) {
        streams.put(orphan.id(), new Entry(orphan, until, false));
    }

    /** Leaves a stream to nobody: it is to be taken over. */
    void addLapsed(Orphan orphan) {
        add(orphan, NEVER_VALID);
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    boolean contains(StreamId id) {
        return streams.containsKey(id);
    }

    /**
     * A lease was read for the first time; of a stream that is being taken over it tells nothing
     * new.
     */
    void renew(Lease lease) {
        for (var open : lease.open()) {
            streams.computeIfPresent(
                    open.requestId(),
                    (id, entry) ->
                            new Entry(
                                    new Orphan(
                                            id,
                                            entry.orphan().earliest(),
                                            entry.orphan().attempt().max(open.authority())),
                                    Math.max(entry.until(), end(lease, time)),
                                    entry.taken()));
        }
    }

    /** When a lease lapses that was read now. */
    static long end(Lease lease, LogTime time) {
        return time.now() + (lease.validMs() == null ? 0 : lease.validMs());
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
                        .filter(entry -> !entry.taken() && entry.until() < time.now())
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
