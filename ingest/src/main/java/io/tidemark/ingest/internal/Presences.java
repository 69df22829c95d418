package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.Command.Presence;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which streams of a partition are read, by what edges say in its log, and which of those that are
 * to be cancelled on disconnect have had no reader for too long (section 7.8 of the protocol).
 *
 * <pre>
 *   watched --an edge has readers--&gt; read --the last edge says 0, or nothing for too long--+
 *      |  ^                                                                                |
 *      |  +--------------------------------------------------------------------------------+
 *      +--nobody for the grace period--&gt; deserted, told once
 * </pre>
 *
 * <p>Time is the {@linkplain LogTime log's own}, and of a silence only {@link #SILENCE_COUNTED_MAX}
 * count: while Kafka stands still no edge can speak, so nobody is missed for it. Whoever writes a
 * stream also writes leases, which keep the time going. It is measured from what was read, so
 * records that are read again, or late, make no stream look deserted.
 *
 * <p>Bounded by the streams in flight and {@link #EDGES_MAX} for each. Confined to the command
 * loop's thread.
 */
final class Presences {
    /** Most edges to remember of a stream; of more, the words that lapse last are enough. */
    static final int EDGES_MAX = 64;

    /** How much of the time between two records counts. */
    static final Duration SILENCE_COUNTED_MAX = Duration.ofSeconds(5);

    /**
     * Grace for a stream that was taken over, at least: edges repeat themselves three times in it,
     * and what they said before is not known.
     */
    static final Duration HEARSAY_MIN = Duration.ofSeconds(30);

    /** What is known of one stream; times are ours, in milliseconds. */
    private static final class Watched {
        private final Map<String, Long> edges = new HashMap<>();
        private long absentSince;

        Watched(long absentSince) {
            this.absentSince = absentSince;
        }

        void hear(Presence word, long now) {
            if (word.readers() == 0) {
                edges.remove(word.edge());
                absentSince = Math.max(absentSince, now);
                return;
            }
            long valid = word.validMs() == null ? 0 : word.validMs();
            edges.put(word.edge(), now + valid);
            if (edges.size() > EDGES_MAX) {
                edges.values().remove(Collections.min(edges.values()));
            }
        }

        /* By then nobody reads it, unless something is said before. */
        long readUntil() {
            return edges.values().stream().reduce(absentSince, Math::max);
        }
    }

    private final Map<StreamId, Watched> streams = new HashMap<>();
    private final LogTime time = new LogTime(SILENCE_COUNTED_MAX);
    private final long graceMs;
    /* No stream is deserted up to then. */
    private long quietUntil = Long.MAX_VALUE;

    /**
     * No streams yet.
     *
     * @param grace how long a stream goes on without a reader
     */
    Presences(Duration grace) {
        this.graceMs = grace.toMillis();
    }

    /**
     * A stream is written here from now on; its grace period begins. Of one that goes on whether it
     * is read or not nothing is kept.
     *
     * @param takenOver whether it was begun by another
     */
    void watch(Command.Start start, boolean takenOver) {
        if (start.onDisconnect() == OnDisconnect.CONTINUE) {
            return;
        }
        long more = takenOver ? Math.max(0, HEARSAY_MIN.toMillis() - graceMs) : 0;
        var watched = new Watched(time.now() + more);
        streams.put(start.requestId(), watched);
        quietUntil = Math.min(quietUntil, end(watched));
    }

    /** It is not written here any more. */
    void forget(StreamId id) {
        streams.remove(id);
    }

    /**
     * Takes note of the next command.
     *
     * @param timestamp when the broker appended it
     * @return the streams that nobody has read for the grace period by then, each once
     */
    List<StreamId> read(long timestamp, Command command) {
        time.pass(timestamp);
        if (command instanceof Presence word) {
            var watched = streams.get(word.requestId());
            if (watched != null) {
                watched.hear(word, time.now());
                quietUntil = Math.min(quietUntil, end(watched));
            }
        }
        return time.now() > quietUntil ? takeDeserted() : List.of();
    }

    private long end(Watched watched) {
        return watched.readUntil() + graceMs;
    }

    private List<StreamId> takeDeserted() {
        var deserted = new ArrayList<StreamId>();
        quietUntil = Long.MAX_VALUE;
        streams.forEach((id, watched) -> {
            if (end(watched) < time.now()) {
                deserted.add(id);
            } else {
                quietUntil = Math.min(quietUntil, end(watched));
            }
        });
        deserted.forEach(streams::remove);
        return List.copyOf(deserted);
    }
}
