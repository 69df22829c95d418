package io.tidemark.edge.internal.live;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where events of streams are in the log, every so many of them: what the tail knows in passing
 * about streams that it has seen from their first record on. It outlives the {@link Window}, since
 * a stream costs a small part of what its frames cost.
 *
 * <p>Within a budget of bytes. When it is passed, whole streams are let go, the least recently used
 * first (written to, or asked for), until a tenth of it is free; they are found by the log's time
 * index then.
 *
 * <p>It knows nothing of retention: a place may lie before the beginning of the log, which shows
 * when it is read.
 *
 * <p>Thread-safe. Only the tail takes records; readers find.
 */
public final class SparseIndex {
    /** What is known of where a reader finds its next event. */
    sealed interface Answer {
        /** To be read on from here; the event wanted is at or behind this place. */
        record ReadFrom(Cursor cursor) implements Answer {}

        /**
         * There is nothing to read: the stream has ended, and the event wanted lies behind it.
         *
         * @param end sequence after the terminal event's
         */
        record Ended(long end) implements Answer {}
    }

    private static final double KEPT_AFTER_TRIM = 0.9;

    private final ConcurrentHashMap<StreamId, IndexedStream> streams = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    /* Orders uses; a clock would not tell those of one millisecond apart. */
    private final AtomicLong uses = new AtomicLong();
    private final AtomicLongArray reached;
    private final Horizon horizon;
    private final long bytesMax;
    private final int eventsPerPlace;

    /**
     * An empty index that knows nothing of the time before now.
     *
     * @param partitions partitions of the log
     * @param skew how far the clock of whoever mints an id may be ahead of ours
     * @param bytesMax most bytes held, about
     * @param eventsPerPlace a place is noted after that many events of a stream
     */
    public SparseIndex(
            int partitions,
            Duration skew,
            long bytesMax,
            int eventsPerPlace,
            InstantSource clock,
            EdgeMetrics metrics) {
        this.reached = new AtomicLongArray(partitions);
        this.horizon = new Horizon(clock, skew);
        this.bytesMax = bytesMax;
        this.eventsPerPlace = eventsPerPlace;
        metrics.index(this::bytes, this::size);
    }

    /** Takes the next record of a partition. Called by the tail only, in order of offset. */
    void take(int partition, long offset, long appendedAtMs, EventRecord record) {
        switch (record) {
            case EventRecord.Entry entry ->
                    take(entry.id(), entry.headers().sequence() == 0, record, offset, appendedAtMs);
            case EventRecord.Fence fence -> take(fence.id(), true, record, offset, appendedAtMs);
            case EventRecord.Foreign _ -> {
                // Counted by the window.
            }
        }
        /* Behind the record: see find. */
        reached.set(partition, offset + 1);
    }

    private void take(
            StreamId id, boolean start, EventRecord record, long offset, long appendedAtMs) {
        var stream = streams.get(id);
        if (stream == null && horizon.isBefore(id)) {
            stream =
                    start
                            ? IndexedStream.fromStart(id, offset, eventsPerPlace)
                            : IndexedStream.headless(id);
            streams.put(id, stream);
        }
        if (stream != null) {
            bytes.addAndGet(stream.take(record, offset, appendedAtMs, uses.incrementAndGet()));
            if (bytes.get() > bytesMax) {
                trim();
            }
        }
    }

    /**
     * Looks a tenant's stream up.
     *
     * @param next sequence of the first event wanted
     * @return null when the stream is not known here, or is another's
     */
    @Nullable Answer find(StreamId id, @Nullable String tenant, long next) {
        if (id.partition() >= reached.length()) {
            return null;
        }
        /*
         * Before the look-up: whatever lies before this offset was taken when it was read, so it is
         * in what is found. The other way round, a record could come in between and be passed by.
         */
        long sofar = reached.get(id.partition());
        var stream = streams.get(id);
        return stream == null ? null : stream.find(tenant, next, sofar, uses.incrementAndGet());
    }

    /** Lets go of a stream whose places are no longer in the log. */
    void forget(StreamId id) {
        var stream = streams.get(id);
        if (stream != null) {
            evict(stream);
        }
    }

    /** Lets go of a partition's streams: records of it may have been missed. */
    void forgetPartition(int partition) {
        horizon.moveToNow();
        streams.values().stream()
                .filter(stream -> stream.id().partition() == partition)
                .forEach(this::evict);
    }

    private void trim() {
        record Ranked(IndexedStream stream, long used) {}
        var ranked =
                streams.values().stream()
                        .map(stream -> new Ranked(stream, stream.used()))
                        .sorted((a, b) -> Long.compare(a.used(), b.used()))
                        .iterator();
        while (ranked.hasNext() && bytes.get() > bytesMax * KEPT_AFTER_TRIM) {
            evict(ranked.next().stream());
        }
    }

    private void evict(IndexedStream stream) {
        /* First the horizon: a zombie's record must not pass for the first one in between. */
        horizon.moveBehind(stream.id());
        if (streams.remove(stream.id(), stream)) {
            bytes.addAndGet(-stream.evict());
        }
    }

    /** Bytes held, about. */
    long bytes() {
        return bytes.get();
    }

    /** Streams held. */
    int size() {
        return streams.size();
    }
}
