package io.tidemark.edge.internal.live;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A log of one partition in memory: appended by the test, tailed into a window when the test says
 * so, and read for catch-up, one job at a time, when the test says so.
 */
final class MemoryLog implements BatchSource {
    private record Job(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            Consumer<Outcome> answer) {}

    private final List<EventRecord> records = new ArrayList<>();
    private final List<Long> appendedAtMs = new ArrayList<>();
    private final Queue<Job> jobs = new ArrayDeque<>();
    private final Set<StreamId> started = new HashSet<>();
    private final int batchBytes;
    private final InstantSource clock;
    private int tailed;
    private int begin;
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
        jobs.add(new Job(id, tenant, from, wanted, answer));
        return true;
    }

    /** Does one job; false when there is none. */
    boolean readOne() {
        var job = jobs.poll();
        if (job == null) {
            return false;
        }
        job.answer().accept(failing ? new Outcome.Failed() : read(job));
        return true;
    }

    private Outcome read(Job job) {
        int position = Math.max(begin, (int) Math.max(0, job.from().position()));
        var scan = new StreamScan(job.tenant(), job.from(), position, job.wanted(), batchBytes);
        while (position < records.size() && !scan.full()) {
            var record = records.get(position);
            if (isOf(job.id(), record)) {
                scan.take(record, position, appendedAtMs.get(position));
            }
            position++;
        }
        var batch = scan.batch(position, position == records.size());
        boolean nothing = batch.atEnd() && !batch.cursor().met();
        return new Outcome.Read(
                batch, nothing && job.tenant() == null && started.contains(job.id()));
    }

    private static boolean isOf(StreamId id, EventRecord record) {
        return switch (record) {
            case EventRecord.Entry entry -> entry.id().equals(id);
            case EventRecord.Fence fence -> fence.id().equals(id);
            case EventRecord.Foreign _ -> false;
        };
    }
}
