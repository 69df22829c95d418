package io.tidemark.edge.internal.access;

import io.tidemark.schemas.StreamId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was revoked, of which stream and up to when. Bounded: what no capability can outlive is
 * forgotten, and if that is not enough, the oldest tenth is, and with it every capability of
 * <em>any</em> stream that was issued as early as that is refused. So a full table refuses too
 * much, never too little. Thread-safe.
 */
public final class Revocations {
    private static final Logger LOGGER = LoggerFactory.getLogger(Revocations.class);

    private static final double KEPT = 0.9;

    private final ConcurrentHashMap<StreamId, Long> issuedBefore = new ConcurrentHashMap<>();
    private final AtomicLong floor = new AtomicLong(-1);
    private final int streamsMax;
    private final Duration lifetimeMax;

    /**
     * Nothing is revoked yet.
     *
     * @param streamsMax most streams of which it is known
     * @param lifetimeMax longest lifetime of any capability, on any edge
     */
    public Revocations(int streamsMax, Duration lifetimeMax) {
        this.streamsMax = streamsMax;
        this.lifetimeMax = lifetimeMax;
    }

    /**
     * Takes note of a revocation.
     *
     * @param before capabilities for the stream that were issued then or earlier are revoked
     */
    public void add(StreamId stream, long before, long nowMs) {
        if (before + lifetimeMax.toMillis() <= nowMs) {
            return;
        }
        issuedBefore.merge(stream, before, Math::max);
        if (issuedBefore.size() > streamsMax) {
            trim(nowMs);
        }
    }

    private synchronized void trim(long nowMs) {
        long outlived = nowMs - lifetimeMax.toMillis();
        issuedBefore.values().removeIf(before -> before <= outlived);
        int surplus = issuedBefore.size() - (int) (streamsMax * KEPT);
        if (issuedBefore.size() <= streamsMax || surplus <= 0) {
            return;
        }
        var oldest = new ArrayList<>(issuedBefore.entrySet());
        oldest.sort(Comparator.comparing(Map.Entry::getValue));
        var gone = oldest.subList(0, surplus);
        /* First the floor: in between, too much is refused rather than too little. */
        floor.accumulateAndGet(gone.getLast().getValue(), Math::max);
        gone.forEach(entry -> issuedBefore.remove(entry.getKey(), entry.getValue()));
        LOGGER.atWarn()
                .addKeyValue("count", gone.size())
                .log("too many revocations, older capabilities of all streams are refused");
    }

    /** Whether a capability for a stream, issued at that time, is revoked. */
    boolean revoked(StreamId stream, long issuedAtMs) {
        return issuedAtMs <= latest(stream);
    }

    /** The time to write into a capability that is issued now: one that is not revoked already. */
    long issueTime(StreamId stream, long nowMs) {
        return Math.max(nowMs, latest(stream) + 1);
    }

    private long latest(StreamId stream) {
        return Math.max(floor.get(), issuedBefore.getOrDefault(stream, -1L));
    }

    /** Streams of which capabilities are revoked, as far as that is remembered one by one. */
    int size() {
        return issuedBefore.size();
    }
}
