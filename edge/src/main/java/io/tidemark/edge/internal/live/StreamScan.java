package io.tidemark.edge.internal.live;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Picks one stream's events out of its records, in log order, and gathers those that are wanted
 * into a {@link Batch}. Confined to one thread, for one read.
 */
final class StreamScan {
    private final long wanted;
    private final int bytesMax;
    private final List<Frame> frames = new ArrayList<>();
    private @Nullable ReaderGuard guard;
    private int fenced;
    private long earliest = -1;
    private long bytes;

    /**
     * A scan.
     *
     * @param from where it begins
     * @param wanted events before this sequence are judged but not gathered
     * @param bytesMax the scan is {@link #full()} with the frame that passes this size
     */
    StreamScan(Cursor from, long wanted, int bytesMax) {
        this.wanted = wanted;
        this.bytesMax = bytesMax;
        this.fenced = from.attempt();
        if (from.met()) {
            guard = ReaderGuard.resuming(from.attempt(), from.next());
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

    private void fence(int attempt) {
        fenced = Math.max(fenced, attempt);
        if (guard != null) {
            guard.fence(attempt);
        }
    }

    private void take(EventRecord.Entry entry, long offset, long appendedAtMs) {
        var headers = entry.headers();
        if (headers.attempt() < fenced) {
            return;
        }
        if (earliest < 0) {
            earliest = headers.sequence();
        }
        if (guard == null) {
            /* What is missing before the first record is no longer in the log. */
            guard = ReaderGuard.resuming(headers.attempt(), headers.sequence());
        }
        boolean accepted = guard.admit(headers) == ReaderGuard.Verdict.ACCEPTED;
        if (accepted && headers.sequence() >= wanted) {
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
        return guard != null && guard.ended();
    }

    /**
     * What was gathered.
     *
     * @param position offset behind the last record looked at
     * @param atEnd whether that is the end that the log had when the read began
     */
    Batch batch(long position, boolean atEnd) {
        var cursor =
                guard == null
                        ? new Cursor(-1, fenced, position)
                        : new Cursor(guard.next(), guard.attempt(), position);
        return new Batch(frames, cursor, earliest, atEnd, ended());
    }
}
