package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the commands before our time leave open: the starts without a done record, in log order; and
 * where retention has removed starts, what a lease names instead.
 *
 * <p>Keeps ids and offsets, never requests: a start is read again when its stream is opened. When
 * there are more open streams than the limit, the survey covers the log only up to the first
 * command that found no room; the rest is surveyed when these are in flight. Confined to one
 * thread.
 */
final class Backlog {
    private record Entry(long offset, long earliest) {}

    private final Map<StreamId, Entry> open = new LinkedHashMap<>();
    private final Map<StreamId, Attempt> attempts = new HashMap<>();
    private final Map<StreamId, Long> leases = new HashMap<>();
    private final RememberedIds cancelled;
    private final RememberedIds ended;
    private final LogTime time;
    private final Predicate<StreamId> known;
    private final int openMax;
    private final long from;
    private long end;
    /* Of the first command that was read; -1 before. */
    private long first = -1;
    private boolean expired;
    /* Of the last claim that was read. */
    private long epoch;

    /**
     * @param from offset of the first command
     * @param end offset up to which commands are from before our time, exclusive
     * @param expired whether retention has removed starts before that
     * @param known streams that are open otherwise
     * @param time what has passed by the record that is added
     * @param openMax most open streams to hold
     * @param idsMax most cancels to remember, and most streams that have ended
     */
    Backlog(
            long from,
            long end,
            boolean expired,
            Predicate<StreamId> known,
            LogTime time,
            int openMax,
            int idsMax) {
        this.from = from;
        this.end = end;
        this.expired = expired;
        this.known = known;
        this.time = time;
        this.openMax = openMax;
        this.cancelled = new RememberedIds(idsMax);
        this.ended = new RememberedIds(idsMax);
    }

    /** Offset up to which it covers the log, exclusive. */
    long end() {
        return end;
    }

    /**
     * The next command, in log order, with the timestamp that the broker gave it.
     *
     * @return false if it starts a stream that another command has started
     */
    boolean add(long offset, long timestamp, Command command) {
        if (first < 0) {
            first = offset;
            expired |= first > from;
        }
        switch (command) {
            case Command.Start start -> {
                return start(offset, timestamp, start);
            }
            case Command.Claim _ -> epoch = offset;
            case Command.Done done -> done(done);
            case Command.Cancel cancel -> cancelled.add(cancel.requestId());
            case Command.Lease lease -> lease(offset, lease);
            case Command.Presence _, Command.Unknown _ -> {} // leave nothing open
        }
        return true;
    }

    private void lease(long offset, Command.Lease lease) {
        long until = LeasedStreams.end(lease, time);
        for (var stream : lease.open()) {
            var id = stream.requestId();
            if (open.containsKey(id) || expired(offset, id)) {
                attempts.merge(id, stream.authority(), Attempt::max);
                leases.merge(id, until, Math::max);
            }
        }
    }

    /*
     * Whether it is open all the same: its start was before everything that can be read, and it is
     * not done. A lease may be late, and name what has ended: a read-back will tell.
     */
    private boolean expired(long offset, StreamId id) {
        if (!expired || offset >= end || ended.contains(id) || known.test(id)) {
            return false;
        }
        if (open.size() == openMax) {
            end = offset;
            return false;
        }
        open.put(id, new Entry(from, Math.max(0, id.time().toEpochMilli())));
        return true;
    }

    /** Whether starts before its end cannot be read any more. */
    boolean expired() {
        return expired;
    }

    /** Offset of the first command. */
    long from() {
        return from;
    }

    /** Offset of the first command that was there to be read. */
    long first() {
        return Math.max(first, from);
    }

    /*
     * Of an owner that was outranked by then it counts for nothing: the terminal that it speaks of
     * may be behind its successor's fence. Such a stream is not waited for either.
     */
    private void done(Command.Done done) {
        var id = done.requestId();
        leases.remove(id);
        if (done.epoch() >= epoch) {
            ended.add(id);
            open.remove(id);
            attempts.remove(id);
        }
    }

    private boolean start(long offset, long timestamp, Command.Start start) {
        var id = start.requestId();
        if (offset >= end) {
            return true;
        }
        if (open.containsKey(id) || ended.contains(id)) {
            return false;
        }
        if (open.size() == openMax) {
            end = offset;
            return true;
        }
        long earliest = Math.min(timestamp, id.time().toEpochMilli());
        open.put(id, new Entry(offset, Math.max(0, earliest)));
        return true;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether a cancel was seen, with or without the start. */
    boolean cancelled(StreamId id) {
        return cancelled.contains(id);
    }

    /** What has to be taken over: what no lease names. */
    Collection<Orphan> orphans() {
        return open.keySet().stream()
                .filter(id -> !leases.containsKey(id))
                .map(this::orphan)
                .toList();
    }

    /** Hands over what somebody else may still be writing. */
    void leaveLeased(LeasedStreams leased) {
        leases.forEach((id, until) -> {
            if (open.containsKey(id)) {
                leased.add(orphan(id), until);
            }
        });
    }

    private Orphan orphan(StreamId id) {
        var entry = requireNonNull(open.get(id), "open");
        var attempt = attempts.getOrDefault(id, Attempt.NONE);
        return new Orphan(id, entry.earliest(), attempt.max(Attempt.first(0)));
    }

    /** Offset of each open start, by id; of one that cannot be read, where reading should begin. */
    Map<StreamId, Long> offsets() {
        var offsets = new LinkedHashMap<StreamId, Long>();
        open.forEach((id, entry) -> offsets.put(id, entry.offset()));
        return offsets;
    }
}
