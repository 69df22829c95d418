package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which streams were erased, as far as the log of events may still hold something of them. Bounded:
 * what was erased so long ago that the log holds nothing is forgotten, and if that is not enough,
 * the oldest tenth of the streams is. From then on it is not known of <em>any</em> stream as old as
 * those whether it was erased, and whoever wants to show one has to ask the projector, which
 * forgets none. Thread-safe.
 */
public final class ErasedStreams {
    /** Most streams remembered, at about 150 bytes each. */
    public static final int STREAMS_MAX = 200_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(ErasedStreams.class);
    private static final double KEPT = 0.9;
    private static final Instant NEVER = Instant.ofEpochMilli(-1);

    /** When it was asked for, and whose stream it was. */
    private record Known(long atMs, @Nullable String tenant) {}

    private final Map<StreamId, Known> streams = new ConcurrentHashMap<>();
    private final AtomicLong floorMs = new AtomicLong(NEVER.toEpochMilli());
    private final int streamsMax;
    private final Duration inLogMax;
    private final EdgeMetrics metrics;

    /**
     * None was erased yet.
     *
     * @param streamsMax most streams remembered
     * @param inLogMax longest time for which the log of events holds anything
     */
    public ErasedStreams(int streamsMax, Duration inLogMax, EdgeMetrics metrics) {
        this.streamsMax = streamsMax;
        this.inLogMax = inLogMax;
        this.metrics = metrics;
        metrics.erased(streams::size);
    }

    /** Takes note of an erasure. */
    void add(Erasure erasure, long nowMs) {
        metrics.erasure();
        if (erasure.at() + inLogMax.toMillis() <= nowMs) {
            return;
        }
        var tenant = erasure.tenant() == null ? null : erasure.tenant().intern();
        streams.putIfAbsent(erasure.requestId(), new Known(erasure.at(), tenant));
        if (streams.size() > streamsMax) {
            trim(nowMs);
        }
    }

    private synchronized void trim(long nowMs) {
        long outlived = nowMs - inLogMax.toMillis();
        streams.values().removeIf(known -> known.atMs() <= outlived);
        int surplus = streams.size() - (int) (streamsMax * KEPT);
        if (streams.size() <= streamsMax || surplus <= 0) {
            return;
        }
        var oldest = new ArrayList<>(streams.keySet());
        oldest.sort(Comparator.naturalOrder());
        var gone = oldest.subList(0, surplus);
        /* First the floor: in between, too much is asked rather than too little. */
        floorMs.accumulateAndGet(gone.getLast().time().toEpochMilli(), Math::max);
        gone.forEach(streams::remove);
        metrics.erasedForgotten(gone.size());
        LOGGER.atWarn()
                .addKeyValue("count", gone.size())
                .log("too many erased streams, the projector is asked about older ones");
    }

    /** Whether a stream is known to have been erased, whoever's it was. */
    boolean has(StreamId id) {
        return streams.containsKey(id);
    }

    /**
     * Whether a stream is known to have been erased, and to have been that tenant's. To whoever
     * asks for another's, it is not there.
     */
    public boolean isOf(StreamId id, @Nullable String tenant) {
        var known = streams.get(id);
        return known != null && Objects.equals(known.tenant(), tenant);
    }

    /** Whether a stream could have been erased and that been forgotten. */
    public boolean mayHaveForgotten(StreamId id) {
        return id.time().toEpochMilli() <= floorMs.get();
    }

    /** How many are remembered. */
    int size() {
        return streams.size();
    }
}
