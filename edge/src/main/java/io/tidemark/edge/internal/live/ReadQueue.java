package io.tidemark.edge.internal.live;

import io.tidemark.edge.internal.live.BatchSource.Outcome;
import io.tidemark.schemas.StreamId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who waits for a read of the log, by where they stand. However many stand at one point, it is one
 * read that they wait for; points that are near each other are read in one pass. Who comes to a
 * point soon after it was read is given {@linkplain RecentBatches what was read then}.
 *
 * <p>A point is read by one thread at a time. Who comes to it meanwhile is served by the same read
 * if that stopped before the end of the log, or met the stream's. Otherwise it is read again: the
 * end that is promised to a reader is the one that the log had when it came, or a later one.
 *
 * <p>Thread-safe, guarded by its lock; nobody is answered and nothing is read under it.
 */
final class ReadQueue {
    /** Most points that are read in one pass. */
    static final int POINTS_PER_PASS_MAX = 256;

    /** Among that many of those who wait longest it is looked for some that are near the first. */
    static final int LOOK_AHEAD_MAX = 4_096;

    private static final Logger LOGGER = LoggerFactory.getLogger(ReadQueue.class);

    /** Those who stand at one point, by what they want first. */
    private static final class Waiting {
        private final TreeMap<Long, List<Consumer<Outcome>>> byWanted = new TreeMap<>();

        void add(long wanted, Consumer<Outcome> answer) {
            byWanted.computeIfAbsent(wanted, _ -> new ArrayList<>()).add(answer);
        }

        List<Consumer<Outcome>> remove(long wanted) {
            var answers = byWanted.remove(wanted);
            return answers == null ? List.of() : answers;
        }

        /** Removes all who want this sequence or a later one first. */
        SortedMap<Long, List<Consumer<Outcome>>> removeFrom(long wanted) {
            var later = byWanted.tailMap(wanted);
            var removed = new TreeMap<>(later);
            later.clear();
            return removed;
        }

        int size() {
            return byWanted.values().stream().mapToInt(List::size).sum();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Standpoint, Waiting> waiting = new LinkedHashMap<>();
    private final Set<Standpoint> beingRead = new HashSet<>();
    private final RecentBatches recent;
    private final int readsWaitingMax;
    private final EdgeMetrics metrics;
    private final Predicate<StreamId> erased;

    /**
     * Nobody waits, and nothing is ever erased.
     *
     * @param readsWaitingMax with that many points waiting, who comes new to another is turned away
     * @param recentBytesMax most bytes of batches kept for those who come a little later
     */
    ReadQueue(int readsWaitingMax, long recentBytesMax, EdgeMetrics metrics) {
        this(readsWaitingMax, recentBytesMax, metrics, _ -> false);
    }

    /**
     * Nobody waits.
     *
     * @param readsWaitingMax with that many points waiting, who comes new to another is turned away
     * @param recentBytesMax most bytes of batches kept for those who come a little later
     * @param erased streams of which nothing is kept
     */
    ReadQueue(
            int readsWaitingMax,
            long recentBytesMax,
            EdgeMetrics metrics,
            Predicate<StreamId> erased) {
        this.readsWaitingMax = readsWaitingMax;
        this.recent = new RecentBatches(recentBytesMax);
        this.metrics = metrics;
        this.erased = erased;
    }

    /** Lets go of what is kept of a stream. */
    void forget(StreamId id) {
        recent.forget(id);
    }

    /**
     * Lines up, or is answered at once; false when turned away.
     *
     * @param answer told what was read, by the thread that read it, or by this one
     */
    boolean offer(Standpoint from, long wanted, boolean newcomer, Consumer<Outcome> answer) {
        var kept = recent.find(from, wanted);
        if (kept != null) {
            metrics.shared(1);
            answer.accept(new Outcome.Read(kept, false));
            return true;
        }
        lock.lock();
        try {
            if (newcomer && waiting.size() >= readsWaitingMax && !waiting.containsKey(from)) {
                return false;
            }
            waiting.computeIfAbsent(from, _ -> new Waiting()).add(wanted, answer);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Points that wait to be read. */
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the log once, for those who wait longest and all who can be served with them.
     *
     * @param patience how long it is waited for somebody
     * @return whether there was somebody
     */
    boolean serve(EventLog log, Duration patience) throws InterruptedException {
        var turn = take(patience);
        if (turn.isEmpty()) {
            return false;
        }
        metrics.read(turn.values().stream().mapToInt(Waiting::size).sum());
        new Pass(log, turn).run();
        return true;
    }

    private Map<Standpoint, Waiting> take(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            var turn = next();
            while (turn.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                turn = next();
            }
            turn.keySet().forEach(waiting::remove);
            beingRead.addAll(turn.keySet());
            return turn;
        } finally {
            lock.unlock();
        }
    }

    private Map<Standpoint, Waiting> next() {
        var turn = new LinkedHashMap<Standpoint, Waiting>();
        Standpoint first = null;
        int looked = 0;
        for (var entry : waiting.entrySet()) {
            if (turn.size() == POINTS_PER_PASS_MAX
                    || (first != null && ++looked > LOOK_AHEAD_MAX)) {
                break;
            }
            var point = entry.getKey();
            if (!beingRead.contains(point) && (first == null || point.isNear(first))) {
                first = first == null ? point : first;
                turn.put(point, entry.getValue());
            }
        }
        return turn;
    }

    /* Those who came while a batch was read that they can have as well. */
    private SortedMap<Long, List<Consumer<Outcome>>> latecomers(Standpoint from, long wanted) {
        lock.lock();
        try {
            var late = waiting.get(from);
            if (late == null) {
                return Collections.emptySortedMap();
            }
            var answers = late.removeFrom(wanted);
            if (late.byWanted.isEmpty()) {
                waiting.remove(from);
            }
            return answers;
        } finally {
            lock.unlock();
        }
    }

    private void release(Standpoint from) {
        lock.lock();
        try {
            if (beingRead.remove(from)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One read of the log. Confined to the thread that reads. */
    private final class Pass implements EventLog.Answers {
        /** A stream may be known by its command alone; that is looked for when the pass is over. */
        private record Empty(Standpoint from, long wanted, Batch batch) {}

        private final EventLog log;
        private final Map<Standpoint, Waiting> open;
        private final List<Empty> empty = new ArrayList<>();

        Pass(EventLog log, Map<Standpoint, Waiting> turn) {
            this.log = log;
            this.open = new LinkedHashMap<>(turn);
        }

        void run() {
            StreamId current = open.keySet().iterator().next().id();
            try {
                var wishes = new ArrayList<EventLog.Wish>();
                open.forEach((from, who) ->
                        wishes.add(new EventLog.Wish(from, new TreeSet<>(who.byWanted.keySet()))));
                log.read(wishes, this);
                for (var found : empty) {
                    current = found.from().id();
                    boolean started = log.started(current, found.from().tenant());
                    give(found.from(), found.wanted(), new Outcome.Read(found.batch(), started));
                }
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("streamId", current)
                        .addKeyValue("error", e.toString())
                        .log("catch-up could not read the log");
            } finally {
                fail();
            }
        }

        @Override
        public void answer(Standpoint from, long wanted, Batch batch) {
            if (batch.atEnd() && !batch.cursor().met()) {
                empty.add(new Empty(from, wanted, batch));
            } else {
                give(from, wanted, new Outcome.Read(batch, false));
            }
        }

        private void give(Standpoint from, long wanted, Outcome.Read outcome) {
            var who = open.get(from);
            if (who == null) {
                return;
            }
            /* Or who looks again would be led back to what retention has removed, for ever. */
            if (outcome.batch().cut()) {
                recent.forget(from.id());
            }
            who.remove(wanted).forEach(answer -> answer.accept(outcome));
            boolean kept = recent.add(from, wanted, outcome.batch());
            /* Behind that: either we see that it was erased, or whoever erases sees the batch. */
            if (erased.test(from.id())) {
                recent.forget(from.id());
            }
            if (kept) {
                latecomers(from, wanted)
                        .forEach((first, all) -> late(outcome.batch().from(first), all));
            }
            if (who.byWanted.isEmpty()) {
                open.remove(from);
                release(from);
            }
        }

        private void late(Batch batch, List<Consumer<Outcome>> answers) {
            metrics.shared(answers.size());
            answers.forEach(answer -> answer.accept(new Outcome.Read(batch, false)));
        }

        private void fail() {
            open.forEach((from, who) -> {
                release(from);
                who.byWanted
                        .values()
                        .forEach(all -> all.forEach(a -> a.accept(new Outcome.Failed())));
            });
        }
    }
}
