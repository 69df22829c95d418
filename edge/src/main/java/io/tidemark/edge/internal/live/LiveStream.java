package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The part of one stream that the window holds: an array of frames, from the sequence where it was
 * anchored, or to which it was {@linkplain #shorten shortened}, to the newest.
 *
 * <p>A stream whose beginning the tail did not see is <em>unanchored</em>: nobody can tell which of
 * its records are a zombie's without knowing the fences before them. Its records are kept unjudged
 * until a reader that replayed the log from further back arrives and lends its {@link Cursor}; from
 * then on the stream's own judge goes on, exactly as that reader would have.
 *
 * <p>Before a final hole in the log, readers part: some have gone on behind it. The stream serves
 * those who came last; it is anchored anew where they stand, and the others find themselves lapped.
 *
 * <pre>
 *   unanchored --anchor(cursor read at least to watchedFrom)--&gt; anchored
 *       |                              anchor(cursor elsewhere) ^ |
 *       |                                                       +-+
 *       +------------------------evict()----------&gt; evicted &lt;-----+
 * </pre>
 *
 * <p>Thread-safe, guarded by its own lock: the tail appends, readers copy out and attach. An
 * evicted stream stays evicted; the window makes a new one when it is needed.
 */
final class LiveStream {
    /** Answer of {@link #copy} when the frames asked for are not here, or not any more. */
    static final int LAPPED = -1;

    private static final int FRAMES_INITIAL = 16;

    /* Readers at the end are a few frames behind it at most. */
    private static final int FRAMES_KEPT = 8;

    /**
     * Where a stream stands.
     *
     * @param first sequence of the oldest frame held
     * @param next sequence after the newest
     */
    record Standing(boolean anchored, long first, long next, boolean ended) {}

    private final StreamId id;
    private final long watchedFrom;
    private final EdgeMetrics metrics;

    private final List<Audience> audiences = new ArrayList<>();
    private boolean owned;
    private @Nullable String tenant;
    private @Nullable List<Seen> unjudged = new ArrayList<>();
    private @Nullable Judge judge;
    private Frame[] frames = new Frame[0];
    private int count;
    private long first;
    /* Records below were judged by whoever anchored the stream. */
    private long judgedTo;
    private long newestOffset;
    private long bytes;
    /* What the window was told of them. */
    private long told;
    private long touched;
    private boolean evicted;

    private LiveStream(StreamId id, long watchedFrom, EdgeMetrics metrics) {
        this.id = id;
        this.watchedFrom = watchedFrom;
        this.newestOffset = watchedFrom - 1;
        this.metrics = metrics;
    }

    /** A stream of which every record from this offset on will be appended. */
    static LiveStream unanchored(StreamId id, long watchedFrom, EdgeMetrics metrics) {
        return new LiveStream(id, watchedFrom, metrics);
    }

    /** A stream that is seen from its very first record on. */
    static LiveStream fromStart(StreamId id, EdgeMetrics metrics) {
        var stream = new LiveStream(id, 0, metrics);
        stream.anchor(new Cursor(0, Attempt.NONE, 0));
        return stream;
    }

    StreamId id() {
        return id;
    }

    /** Says whose stream it is, unless that is known. */
    synchronized void owner(@Nullable String found) {
        if (!owned) {
            owned = true;
            tenant = found;
        }
    }

    /** Whether it is known to be that tenant's, or no tenant's if that is asked for. */
    synchronized boolean isOf(@Nullable String asked) {
        return owned && Objects.equals(tenant, asked);
    }

    /**
     * Takes the next record of the stream.
     *
     * @return by how many bytes the stream has grown since it was last asked, which is less than 0
     *     when an anchor dropped more than came; 0 when it is evicted
     */
    synchronized long append(Seen seen) {
        if (evicted) {
            return 0;
        }
        if (seen instanceof Seen.Event(var headers, var frame)) {
            owner(headers.tenant());
            touched = Math.max(touched, frame.appendedAtMs());
        }
        newestOffset = seen.offset();
        if (unjudged != null) {
            unjudged.add(seen);
            bytes += seen.cost();
        } else if (judge(seen)) {
            audiences.forEach(Audience::wake);
        }
        long grown = bytes - told;
        told = bytes;
        return grown;
    }

    /**
     * Anchors the stream where a reader stands, unless it is anchored where it can serve it.
     *
     * @param cursor how far the reader has read the log
     * @return whether the reader can go on from here: every event from its next one on is in this
     *     stream or will come to it
     */
    synchronized boolean anchor(Cursor cursor) {
        if (evicted) {
            return false;
        }
        if (unjudged == null) {
            return serves(cursor.next()) || anchorAnew(cursor);
        }
        if (cursor.position() < watchedFrom) {
            return false;
        }
        var kept = unjudged;
        unjudged = null;
        judgeFrom(cursor);
        kept.forEach(this::judge);
        return true;
    }

    private boolean serves(long next) {
        return next >= first && !parted(next);
    }

    /* Whoever wants what is beyond a hole that we stand before has gone on behind it. */
    private boolean parted(long next) {
        return judge != null && judge.hole() != null && next > judge.next();
    }

    /* Only by a reader that has read everything that was judged for this stream: none is kept. */
    private boolean anchorAnew(Cursor cursor) {
        if (cursor.position() <= newestOffset || cursor.position() < judgedTo) {
            return false;
        }
        judgeFrom(cursor);
        audiences.forEach(Audience::wake);
        return true;
    }

    private void judgeFrom(Cursor cursor) {
        judge = new Judge(cursor);
        first = cursor.next();
        judgedTo = cursor.position();
        frames = new Frame[0];
        count = 0;
        bytes = 0;
    }

    /** Returns whether there is news for readers. */
    private boolean judge(Seen seen) {
        if (judge == null || seen.offset() < judgedTo) {
            return false;
        }
        return switch (seen) {
            case Seen.Fence fence -> {
                judge.fence(fence.attempt());
                yield false;
            }
            case Seen.Event(var headers, var frame) -> {
                var verdict = judge.admit(headers, frame.offset(), frame.appendedAtMs());
                if (verdict == Verdict.ACCEPTED) {
                    add(frame);
                } else if (verdict == Verdict.GAP) {
                    metrics.gapRecord();
                }
                /* At a gap, those who have gone on behind it must look for themselves. */
                yield verdict == Verdict.ACCEPTED || verdict == Verdict.GAP;
            }
        };
    }

    private void add(Frame frame) {
        if (count == frames.length) {
            frames = Arrays.copyOf(frames, Math.max(FRAMES_INITIAL, count + (count >> 1)));
        }
        frames[count++] = frame;
        bytes += frame.cost();
    }

    /**
     * Copies out frames, as many as there are and fit.
     *
     * @param next sequence of the first frame wanted
     * @return how many were copied, 0 when the frame is yet to come, or {@link #LAPPED}
     */
    synchronized int copy(long next, Frame[] into) {
        if (evicted || unjudged != null || !serves(next)) {
            return LAPPED;
        }
        if (next >= first + count) {
            return 0;
        }
        int from = (int) (next - first);
        int copied = Math.min(into.length, count - from);
        System.arraycopy(frames, from, into, 0, copied);
        return copied;
    }

    synchronized Standing standing() {
        boolean anchored = judge != null && !evicted;
        return new Standing(anchored, first, first + count, judge != null && judge.ended());
    }

    /** The hole before which a reader stands that has every frame there is, if there is one. */
    synchronized @Nullable Hole hole() {
        return judge == null || evicted ? null : judge.hole();
    }

    /** Where to read on in the log behind the newest frame; unlocated when there is no frame. */
    synchronized Cursor end() {
        return count == 0 ? Cursor.UNLOCATED : frames[count - 1].after();
    }

    /** Adds a reader to those that are woken when the stream grows. Called on the reader's loop. */
    synchronized void attach(Reader reader, long now) {
        touched = now;
        for (var audience : audiences) {
            if (audience.loop() == reader.loop()) {
                audience.add(reader);
                return;
            }
        }
        var audience = new Audience(reader.loop());
        audience.add(reader);
        audiences.add(audience);
    }

    /** Removes a reader. Called on the reader's loop. */
    synchronized void detach(Reader reader, long now) {
        touched = now;
        audiences.forEach(audience -> {
            if (audience.loop() == reader.loop()) {
                audience.remove(reader);
            }
        });
    }

    /** Notes that somebody cared for the stream. */
    synchronized void touch(long now) {
        touched = Math.max(touched, now);
    }

    /**
     * Lets go of the older half of the frames; whoever wants one of them finds itself lapped.
     *
     * @return the bytes let go; 0 when hardly more is left than readers at the end need
     */
    synchronized long shorten() {
        int gone = count / 2;
        if (gone < FRAMES_KEPT) {
            return 0;
        }
        long released = 0;
        for (int i = 0; i < gone; i++) {
            released += frames[i].cost();
        }
        frames = Arrays.copyOfRange(frames, gone, count);
        first += gone;
        count -= gone;
        bytes -= released;
        told -= released;
        return released;
    }

    /** Lets go of everything; readers find themselves lapped. Returns the bytes let go. */
    synchronized long evict() {
        long released = told;
        evicted = true;
        unjudged = null;
        frames = new Frame[0];
        count = 0;
        bytes = 0;
        audiences.forEach(Audience::wake);
        return released;
    }

    /** How dear the stream is to the window now. */
    synchronized Rank rank() {
        boolean read = audiences.stream().anyMatch(audience -> audience.size() > 0);
        boolean open = judge != null && !judge.ended() && count > 0;
        return new Rank(this, read, open, touched, bytes);
    }

    /**
     * A stream's place in the order of eviction: streams nobody reads before those that are read,
     * finished ones before open ones, the longest untouched first.
     */
    record Rank(LiveStream stream, boolean read, boolean open, long touched, long bytes)
            implements Comparable<Rank> {
        /** Whether nobody would miss it: it is not read, and has ended or has no event here. */
        boolean over() {
            return !read && !open;
        }

        @Override
        public int compareTo(Rank other) {
            int byReaders = Boolean.compare(read, other.read);
            if (byReaders != 0) {
                return byReaders;
            }
            int byEnd = Boolean.compare(open, other.open);
            return byEnd != 0 ? byEnd : Long.compare(touched, other.touched);
        }
    }
}
