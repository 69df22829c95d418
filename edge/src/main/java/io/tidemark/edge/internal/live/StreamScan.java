package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Picks one stream's events out of its records, in log order, and gathers those that are wanted
 * into a {@link Batch}. Confined to one thread, for one read.
 */
final class StreamScan {
    private final @Nullable String tenant;
    private final long wanted;
    private final int bytesMax;
    private final List<Frame> frames = new ArrayList<>();
    private final boolean cut;
    private @Nullable Judge judge;
    private Attempt fenced;
    private long earliest = -1;
    private long bytes;

    /**
     * A scan.
     *
     * @param tenant whose stream it has to be; events of another's are passed by
     * @param from how far the stream was read before
     * @param begin offset where the log is read on; behind {@code from} if retention has removed
     *     what was there
     * @param wanted events before this sequence are judged but not gathered
     * @param bytesMax the scan is {@link #full()} with the frame that passes this size
     */
    StreamScan(@Nullable String tenant, Cursor from, long begin, long wanted, int bytesMax) {
        this.tenant = tenant;
        this.wanted = wanted;
        this.bytesMax = bytesMax;
        this.fenced = from.attempt();
        this.cut = begin > from.position();
        if (from.met()) {
            judge = new Judge(from);
        }
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
        if (verdict == Verdict.ACCEPTED && headers.sequence() >= wanted) {
            var frame = FrameEncoder.encode(entry, offset, appendedAtMs);
            frames.add(frame);
            bytes += frame.size();
        }
    }

    /**
     * Whether nothing more is to be taken: the batch is as large as it may get, or the stream
     * ended.
     */
    boolean full() {
        return bytes >= bytesMax || ended();
    }

    private boolean ended() {
        return judge != null && judge.ended();
    }

    /**
     * What was gathered.
     *
     * @param position offset behind the last record looked at
     * @param atEnd whether that is the end that the log had when the read began
     */
    Batch batch(long position, boolean atEnd) {
        var cursor = judge == null ? new Cursor(-1, fenced, position) : judge.cursor(position);
        return new Batch(frames, cursor, earliest, atEnd, ended());
    }
}
