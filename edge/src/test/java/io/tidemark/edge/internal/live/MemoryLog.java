package io.tidemark.edge.internal.live;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A log of one partition in memory: appended by the test, tailed into a window when the test says
 * so, and read for catch-up, one job at a time, when the test says so.
 */
final class MemoryLog implements BatchSource, EventLog {
    private static final long RECENT_BYTES_MAX = 10_000;

    private final List<EventRecord> records = new ArrayList<>();
    private final List<Long> appendedAtMs = new ArrayList<>();
    private final ReadQueue queue =
            new ReadQueue(
                    Integer.MAX_VALUE,
                    RECENT_BYTES_MAX,
                    new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK));
    private final Set<StreamId> started = new HashSet<>();
    private final InstantSource clock;
    private int tailed;
    private int begin;
    private int reads;
    private @Nullable SparseIndex index;
    private Runnable meanwhile = () -> {};
    int batchBytes;
    boolean failing;
    boolean full;

    MemoryLog(int batchBytes, InstantSource clock) {
        this.batchBytes = batchBytes;
        this.clock = clock;
    }

    void append(EventRecord record) {
        records.add(record);
        appendedAtMs.add(clock.millis());
    }

    /** Tails into this one as well. */
    void indexedBy(SparseIndex places) {
        index = places;
    }

    /** What happens while the log is read next, once. */
    void meanwhile(Runnable task) {
        meanwhile = task;
    }

    /** Passes over the log so far. */
    int reads() {
        return reads;
    }

    void started(StreamId id) {
        started.add(id);
    }

    /** Removes records before an offset. */
    void expireBefore(int offset) {
        begin = offset;
    }

    int end() {
        return records.size();
    }

    /** Gives the next record to the window; false when there is none. */
    boolean tailOne(Window window) {
        if (tailed == records.size()) {
            return false;
        }
        if (index != null) {
            index.take(0, tailed, appendedAtMs.get(tailed), records.get(tailed));
        }
        window.dispatch(0, tailed, appendedAtMs.get(tailed), records.get(tailed));
        tailed++;
        return true;
    }

    void tailAll(Window window) {
        while (tailOne(window)) {
            // All of them.
        }
    }

    /** Begins to tail at the end, as an edge that was started now. */
    void startTailAtEnd(Window window) {
        tailed = records.size();
        window.startAt(0, tailed);
    }

    @Override
    public boolean submit(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            boolean newcomer,
            Consumer<Outcome> answer) {
        if (full && newcomer) {
            return false;
        }
        return queue.offer(new Standpoint(id, tenant, from), wanted, newcomer, answer);
    }

    /** Reads once; false when nobody waits. */
    boolean readOne() {
        try {
            return queue.serve(this, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void read(List<Wish> wishes, Answers answers) {
        reads++;
        if (failing) {
            throw new IllegalStateException("failing");
        }
        int end = records.size();
        var task = meanwhile;
        meanwhile = () -> {};
        task.run();
        wishes.forEach(wish -> read(wish, end, answers));
    }

    private void read(Wish wish, int end, Answers answers) {
        var from = wish.from();
        int position = Math.max(begin, (int) Math.max(0, from.cursor().position()));
        var scan = new StreamScan(from.tenant(), from.cursor(), wish.wanted(), batchBytes);
        scan.begins(position);
        StreamScan.Sharing sharing = (wanted, batch) -> answers.answer(from, wanted, batch);
        boolean done = false;
        while (position < end && !done) {
            var record = records.get(position);
            if (isOf(from.id(), record)) {
                scan.take(record, position, appendedAtMs.get(position));
            }
            position++;
            done = scan.shareFull(position, position == end, sharing);
        }
        scan.shareRest(position, position >= end, sharing);
    }

    @Override
    public boolean started(StreamId id, @Nullable String tenant) {
        return tenant == null && started.contains(id);
    }

    @Override
    public void close() {}

    private static boolean isOf(StreamId id, EventRecord record) {
        return switch (record) {
            case EventRecord.Entry entry -> entry.id().equals(id);
            case EventRecord.Fence fence -> fence.id().equals(id);
            case EventRecord.Foreign _ -> false;
        };
    }
}
