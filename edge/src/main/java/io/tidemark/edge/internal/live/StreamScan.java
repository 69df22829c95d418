package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * Picks one stream's events out of its records, in log order, and gathers those that are wanted
 * into a {@link Batch} for each who wants some: one judge and one frame serve them all. Confined to
 * one thread, for one read.
 */
final class StreamScan {
    /** Told each batch once. */
    interface Sharing {
        /** What those get who want this sequence first. */
        void share(long wanted, Batch batch);
    }

    /** What is gathered from one sequence on. */
    private static final class Share {
        final long wanted;
        final List<Frame> frames = new ArrayList<>();
        long bytes;

        Share(long wanted) {
            this.wanted = wanted;
        }

        void take(Frame frame) {
            if (frame.sequence() >= wanted) {
                frames.add(frame);
                bytes += frame.size();
            }
        }
    }

    private final @Nullable String tenant;
    private final Cursor from;
    private final int bytesMax;
    private final List<Share> open = new ArrayList<>();
    private long least;
    private boolean ripe;
    private boolean cut;
    private @Nullable Judge judge;
    private Attempt fenced;
    private long earliest = -1;

    /**
     * A scan.
     *
     * @param tenant whose stream it has to be; events of another's are passed by
     * @param from how far the stream was read before
     * @param wanted first sequences of interest; events before are judged but not gathered
     * @param bytesMax a batch is full with the frame that passes this size
     */
    StreamScan(@Nullable String tenant, Cursor from, SortedSet<Long> wanted, int bytesMax) {
        this.tenant = tenant;
        this.from = from;
        this.bytesMax = bytesMax;
        this.fenced = from.attempt();
        wanted.forEach(first -> open.add(new Share(first)));
        this.least = wanted.getFirst();
        if (from.met()) {
            judge = new Judge(from);
        }
    }

    /** Says where the log begins: retention may have removed what is behind {@code from}. */
    void begins(long offset) {
        cut = offset > from.position();
    }

    /** Takes the next record that has the stream's key. */
    void take(EventRecord record, long offset, long appendedAtMs) {
        switch (record) {
            case EventRecord.Entry entry -> take(entry, offset, appendedAtMs);
            case EventRecord.Fence fence -> fence(fence.attempt());
            case EventRecord.Foreign _ -> {
                // Counted by the tail, which sees every record once.
            }
        }
    }

    private void fence(Attempt attempt) {
        fenced = fenced.max(attempt);
        if (judge != null) {
            judge.fence(attempt);
        }
    }

    private void take(EventRecord.Entry entry, long offset, long appendedAtMs) {
        var headers = entry.headers();
        if (headers.attempt().isBelow(fenced) || !Objects.equals(headers.tenant(), tenant)) {
            return;
        }
        /* What is missing before the first record is no longer in the log, unless we were there. */
        if (earliest < 0 && (judge == null || cut)) {
            earliest = headers.sequence();
        }
        if (judge == null) {
            judge = new Judge(new Cursor(headers.sequence(), headers.attempt(), offset));
        }
        var verdict = judge.admit(headers, offset, appendedAtMs);
        if (verdict == Verdict.ACCEPTED && headers.sequence() >= least) {
            var frame = FrameEncoder.encode(entry, offset, appendedAtMs);
            for (var share : open) {
                share.take(frame);
                ripe |= share.bytes >= bytesMax;
            }
        }
        ripe |= ended();
    }

    private boolean ended() {
        return judge != null && judge.ended();
    }

    /**
     * Gives away the batches that are as large as they may get, or all when the stream ended. To be
     * called after each record.
     *
     * @param position offset behind the last record looked at
     * @param atEnd whether that is the end that the log had when the read began
     * @return whether there is nobody left to take records for
     */
    boolean shareFull(long position, boolean atEnd, Sharing sharing) {
        if (ripe) {
            ripe = false;
            var full = open.stream().filter(s -> ended() || s.bytes >= bytesMax).toList();
            open.removeAll(full);
            least = open.stream().mapToLong(s -> s.wanted).min().orElse(Long.MAX_VALUE);
            full.forEach(s -> sharing.share(s.wanted, batch(s, position, atEnd)));
        }
        return open.isEmpty();
    }

    /** Gives away what is left, as far as it was gathered. */
    void shareRest(long position, boolean atEnd, Sharing sharing) {
        var rest = List.copyOf(open);
        open.clear();
        rest.forEach(s -> sharing.share(s.wanted, batch(s, position, atEnd)));
    }

    private Batch batch(Share share, long position, boolean atEnd) {
        var cursor = judge == null ? new Cursor(-1, fenced, position) : judge.cursor(position);
        return new Batch(share.frames, cursor, earliest, atEnd, ended(), cut && from.met());
    }
}
