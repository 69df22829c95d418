package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the commands before our time leave open: the starts without a done record, in log order.
 *
 * <p>Keeps ids and offsets, never requests: a start is read again when its stream is opened. When
 * there are more open streams than the limit, the survey covers the log only up to the first start
 * that found no room; the rest is surveyed when these are in flight. Confined to one thread.
 */
final class Backlog {
    private record Entry(long offset, long earliest) {}

    private final Map<StreamId, Entry> open = new LinkedHashMap<>();
    private final Map<StreamId, Integer> attempts = new HashMap<>();
    private final Map<StreamId, Long> leases = new HashMap<>();
    private final RememberedIds cancelled;
    private final RememberedIds ended;
    private final int openMax;
    private long end;

    /**
     * @param end offset up to which commands are from before our time, exclusive
     * @param openMax most open streams to hold
     * @param idsMax most cancels to remember, and most streams that have ended
     */
    Backlog(long end, int openMax, int idsMax) {
        this.end = end;
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
        switch (command) {
            case Command.Start start -> {
                return start(offset, timestamp, start);
            }
            case Command.Done done -> {
                ended.add(done.requestId());
                open.remove(done.requestId());
                attempts.remove(done.requestId());
                leases.remove(done.requestId());
            }
            case Command.Cancel cancel -> cancelled.add(cancel.requestId());
            case Command.Lease lease -> {
                long until = LeasedStreams.end(lease, timestamp);
                lease.open()
                        .forEach(stream -> {
                            if (open.containsKey(stream.requestId())) {
                                attempts.merge(stream.requestId(), stream.attempt(), Math::max);
                                leases.merge(stream.requestId(), until, Math::max);
                            }
                        });
            }
            case Command.Presence _, Command.Unknown _ -> {} // leave nothing open
        }
        return true;
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
    Collection<Claim> claims() {
        return open.keySet().stream()
                .filter(id -> !leases.containsKey(id))
                .map(this::claim)
                .toList();
    }

    /** Hands over what somebody else may still be writing. */
    void leaveLeased(LeasedStreams leased) {
        leases.forEach((id, until) -> {
            var entry = open.get(id);
            if (entry != null) {
                leased.add(entry.offset(), claim(id), until);
            }
        });
    }

    private Claim claim(StreamId id) {
        var entry = requireNonNull(open.get(id), "open");
        int attempt = Math.max(1, attempts.getOrDefault(id, 1));
        return new Claim(id, entry.earliest(), attempt);
    }

    /** Offset of each open start, by id. */
    Map<StreamId, Long> offsets() {
        var offsets = new LinkedHashMap<StreamId, Long>();
        open.forEach((id, entry) -> offsets.put(id, entry.offset()));
        return offsets;
    }
}
