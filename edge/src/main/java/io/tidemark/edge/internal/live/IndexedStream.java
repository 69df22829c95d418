package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the {@link SparseIndex} knows of one stream: places from which it can be read on, and where
 * it stands now.
 *
 * <p>A place is what a reader would know that had read the log from the stream's first record up to
 * there, because the records are judged here as such a reader judges them. It is noted only right
 * behind an accepted event, where there is no hole. So whoever reads on from a place accepts and
 * drops the same records as whoever came all the way.
 *
 * <p>Guarded by its own lock: the tail takes, readers find.
 */
final class IndexedStream {
    /** What a stream costs beside its places: the objects around them, its id, its map entry. */
    static final int OVERHEAD_BYTES = 512;

    /** What a place costs: a cursor, its attempt, and room in the list. */
    static final int PLACE_BYTES = 96;

    /** Most places of one stream; with more, every other one is dropped. */
    static final int PLACES_MAX = 512;

    /**
     * A place follows on another after that many records of the partition as well, so that streams
     * that trickle are not scanned for among too many others.
     */
    static final long RECORDS_PER_PLACE = 2_048;

    private final StreamId id;
    private final long eventsPerPlace;
    private final @Nullable Judge judge;
    private final List<Cursor> places = new ArrayList<>();
    private long stride = 1;
    private boolean owned;
    private @Nullable String tenant;
    private long taken;
    private long told;
    private long used;
    private boolean evicted;

    private IndexedStream(StreamId id, long eventsPerPlace, @Nullable Judge judge) {
        this.id = id;
        this.eventsPerPlace = eventsPerPlace;
        this.judge = judge;
    }

    /** A stream whose first record is at this offset. */
    static IndexedStream fromStart(StreamId id, long offset, long eventsPerPlace) {
        var start = new Cursor(0, Attempt.NONE, offset);
        var stream = new IndexedStream(id, eventsPerPlace, new Judge(start));
        stream.places.add(start);
        return stream;
    }

    /**
     * A stream that lacks its beginning: it is known only so as not to be mistaken for a new one.
     */
    static IndexedStream headless(StreamId id) {
        return new IndexedStream(id, 1, null);
    }

    StreamId id() {
        return id;
    }

    /**
     * Takes the next record of the stream. Returns by how many bytes it has grown; 0 once evicted.
     */
    synchronized long take(EventRecord record, long offset, long appendedAtMs, long now) {
        if (evicted) {
            return 0;
        }
        used = now;
        taken = offset + 1;
        if (judge != null) {
            switch (record) {
                case EventRecord.Entry entry -> take(judge, entry, offset, appendedAtMs);
                case EventRecord.Fence fence -> judge.fence(fence.attempt());
                case EventRecord.Foreign _ -> {
                    // It has no stream.
                }
            }
        }
        long bytes = bytes();
        long grown = bytes - told;
        told = bytes;
        return grown;
    }

    private void take(Judge judging, EventRecord.Entry entry, long offset, long appendedAtMs) {
        var headers = entry.headers();
        if (!owned) {
            owned = true;
            tenant = headers.tenant();
        }
        if (Objects.equals(headers.tenant(), tenant)
                && judging.admit(headers, offset, appendedAtMs) == Verdict.ACCEPTED
                && due(judging.next(), taken)) {
            places.add(judging.cursor(taken));
            if (places.size() > PLACES_MAX) {
                thin();
            }
        }
    }

    private boolean due(long next, long position) {
        var last = places.getLast();
        return next - last.next() >= eventsPerPlace * stride
                || position - last.position() >= RECORDS_PER_PLACE * stride;
    }

    private void thin() {
        for (int i = 1; i < places.size(); i++) {
            places.remove(i);
        }
        stride *= 2;
    }

    /**
     * Where to read on, or that there is nothing to read.
     *
     * @param next sequence of the first event wanted
     * @param reached every record before this offset was taken, if it is of this stream
     * @return null when it is not known, or not that tenant's
     */
    synchronized SparseIndex.@Nullable Answer find(
            @Nullable String asked, long next, long reached, long now) {
        if (judge == null || !owned || !Objects.equals(asked, tenant)) {
            return null;
        }
        used = now;
        if (next < judge.next()) {
            return new SparseIndex.Answer.ReadFrom(before(next));
        }
        return judge.ended()
                ? new SparseIndex.Answer.Ended(judge.next())
                : new SparseIndex.Answer.ReadFrom(judge.cursor(Math.max(taken, reached)));
    }

    /* The first place is sequence 0, and the last one not behind what is wanted is to be found. */
    private Cursor before(long next) {
        int low = 0;
        int high = places.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (places.get(middle).next() <= next) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return places.get(low);
    }

    synchronized long used() {
        return used;
    }

    /** What it costs in memory, about. */
    private long bytes() {
        long owner = tenant == null ? 0 : 2L * tenant.length();
        return OVERHEAD_BYTES + owner + (long) PLACE_BYTES * places.size();
    }

    /** Lets go of it. Returns what the index was told that it costs. */
    synchronized long evict() {
        evicted = true;
        return told;
    }
}
