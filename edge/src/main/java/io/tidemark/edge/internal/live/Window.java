package io.tidemark.edge.internal.live;

import static java.util.Comparator.comparingLong;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * The recent past of every stream that the tail has met, within a budget of bytes and a number of
 * streams. When either is passed, a tenth of it is freed:
 *
 * <ol>
 *   <li>streams that have ended and that nobody reads are let go, the longest untouched first;
 *   <li>of the others the older halves, the largest first, as long as it is bytes that are short:
 *       whoever keeps up with a stream does not notice;
 *   <li>then these as a whole, those first that nobody reads.
 * </ol>
 *
 * <p>A reader of what was let go is lapped and goes back to the log.
 *
 * <p>Thread-safe. Only the tail appends; readers look up, watch and attach.
 */
public final class Window {
    /** What a stream costs beside its frames: the objects around them, its id, its map entry. */
    static final int STREAM_OVERHEAD_BYTES = 512;

    private static final double KEPT_AFTER_TRIM = 0.9;

    private final ConcurrentHashMap<StreamId, LiveStream> streams = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Horizon horizon;
    private final AtomicLongArray reached;
    private final long bytesMax;
    private final int streamsMax;
    private final InstantSource clock;
    private final EdgeMetrics metrics;

    /**
     * An empty window that knows nothing of the time before now.
     *
     * @param partitions partitions of the log
     * @param skew how far the clock of whoever mints an id may be ahead of ours
     * @param bytesMax most bytes held, frames and what is around them
     * @param streamsMax most streams held
     */
    public Window(
            int partitions,
            Duration skew,
            long bytesMax,
            int streamsMax,
            InstantSource clock,
            EdgeMetrics metrics) {
        this.reached = new AtomicLongArray(partitions);
        this.bytesMax = bytesMax;
        this.streamsMax = streamsMax;
        this.clock = clock;
        this.metrics = metrics;
        this.horizon = new Horizon(clock, skew);
        metrics.window(this::bytes, this::size);
    }

    /** Says from which offset on the tail will dispatch a partition; before anything else. */
    void startAt(int partition, long offset) {
        reached.set(partition, offset);
    }

    /**
     * Takes the next record of a partition. Called by the tail only, in order of offset.
     *
     * @param record an event or a fence; a foreign record only counts as reached
     */
    void dispatch(int partition, long offset, long appendedAtMs, EventRecord record) {
        /* Before the look-up: see watch. */
        reached.set(partition, offset + 1);
        switch (record) {
            case EventRecord.Entry entry -> {
                var frame = FrameEncoder.encode(entry, offset, appendedAtMs);
                append(entry.id(), first(entry), new Seen.Event(entry.headers(), frame));
            }
            case EventRecord.Fence fence ->
                    append(fence.id(), false, new Seen.Fence(fence.attempt(), offset));
            case EventRecord.Foreign _ -> metrics.foreignRecord();
        }
    }

    private boolean first(EventRecord.Entry entry) {
        return entry.headers().sequence() == 0 && horizon.isBefore(entry.id());
    }

    private void append(StreamId id, boolean first, Seen seen) {
        var stream =
                streams.computeIfAbsent(
                        id,
                        absent ->
                                created(
                                        first
                                                ? LiveStream.fromStart(absent, metrics)
                                                : LiveStream.unanchored(
                                                        absent, seen.offset(), metrics)));
        bytes.addAndGet(stream.append(seen));
        trimIfFull();
    }

    private LiveStream created(LiveStream stream) {
        bytes.addAndGet(STREAM_OVERHEAD_BYTES);
        stream.touch(clock.millis());
        return stream;
    }

    /**
     * The stream as far as it is held, if it is, and is that tenant's. Whoever asks for another's
     * goes on to the log, as for a stream that is nowhere.
     */
    @Nullable LiveStream find(StreamId id, @Nullable String tenant) {
        var stream = streams.get(id);
        return stream != null && stream.isOf(tenant) ? stream : null;
    }

    /** Announces a stream of which nothing can have been written yet: its id was just minted. */
    public void expect(StreamId id, @Nullable String tenant) {
        streams.computeIfAbsent(id, absent -> created(LiveStream.fromStart(absent, metrics)))
                .owner(tenant);
        trimIfFull();
    }

    /** Takes back an announcement of a stream that was not asked for in the end. */
    public void forget(StreamId id) {
        var stream = streams.get(id);
        if (stream != null && stream.standing().next() == 0) {
            evict(stream);
        }
    }

    /**
     * Sees to it that the window holds whatever is written to a stream from now on.
     *
     * @param tenant whose stream it was found to be
     * @return the stream, new or as it is held
     */
    LiveStream watch(StreamId id, @Nullable String tenant) {
        /*
         * The map's lock on the entry orders this against the tail. If the tail looks the stream up
         * first, it makes it itself. If not, the offset read here is at or before the next record
         * that the tail will look up, because the tail says what it has reached before it looks.
         */
        var stream =
                streams.computeIfAbsent(
                        id,
                        absent ->
                                created(
                                        LiveStream.unanchored(
                                                absent, reached.get(absent.partition()), metrics)));
        stream.owner(tenant);
        stream.touch(clock.millis());
        trimIfFull();
        return stream;
    }

    /** Says that a record was read that is not to be held. Called by the tail only. */
    void pass(int partition, long offset) {
        reached.set(partition, offset + 1);
    }

    /** Lets go of a stream that was erased. */
    void erase(StreamId id) {
        var stream = streams.get(id);
        if (stream != null) {
            evict(stream);
        }
    }

    /** The sequence of the newest event held of a tenant's stream, or -1. */
    public long newest(StreamId id, @Nullable String tenant) {
        var stream = find(id, tenant);
        return stream == null ? -1 : stream.standing().next() - 1;
    }

    /** Lets go of a partition's streams: records of it may have been missed. */
    void forgetPartition(int partition) {
        horizon.moveToNow();
        streams.values().stream()
                .filter(stream -> stream.id().partition() == partition)
                .forEach(this::evict);
    }

    private void trimIfFull() {
        if (bytes.get() > bytesMax || streams.size() > streamsMax) {
            trim();
        }
    }

    private synchronized void trim() {
        var ranked = streams.values().stream().map(LiveStream::rank).sorted().toList();
        evictWhile(ranked.stream().filter(LiveStream.Rank::over));
        var kept = ranked.stream().filter(rank -> !rank.over()).toList();
        shorten(kept);
        evictWhile(kept.stream());
    }

    private void evictWhile(Stream<LiveStream.Rank> ranked) {
        ranked.takeWhile(_ -> tooManyBytes() || tooManyStreams())
                .forEach(rank -> evict(rank.stream()));
    }

    /* Each by half until it is enough, or until hardly anything is left of any. */
    private void shorten(List<LiveStream.Rank> ranked) {
        var largestFirst =
                ranked.stream()
                        .sorted(comparingLong(LiveStream.Rank::bytes).reversed())
                        .map(LiveStream.Rank::stream)
                        .toList();
        boolean more = true;
        while (more && tooManyBytes()) {
            more = false;
            for (var stream : largestFirst) {
                more |= tooManyBytes() && shorten(stream);
            }
        }
    }

    private boolean shorten(LiveStream stream) {
        long released = stream.shorten();
        if (released == 0) {
            return false;
        }
        bytes.addAndGet(-released);
        metrics.shortened();
        return true;
    }

    private boolean tooManyBytes() {
        return bytes.get() > bytesMax * KEPT_AFTER_TRIM;
    }

    private boolean tooManyStreams() {
        return streams.size() > streamsMax * KEPT_AFTER_TRIM;
    }

    private void evict(LiveStream stream) {
        /* First the horizon: a zombie's record must not pass for the first one in between. */
        horizon.moveBehind(stream.id());
        if (streams.remove(stream.id(), stream)) {
            bytes.addAndGet(-stream.evict() - STREAM_OVERHEAD_BYTES);
            metrics.evicted();
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
