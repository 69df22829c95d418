package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedFault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which request gets which fault: first those that a test has put in line, then what the request
 * itself asks for, as long as this is one of its first attempts. Attempts are requests of the same
 * series, or else with the same path and body. Thread-safe: guarded by itself.
 */
public final class FaultPlan {

    private static final int QUEUED_MAX = 10_000;

    private final ArrayDeque<SimulatedFault> queued = new ArrayDeque<>();
    private final Attempts failures = new Attempts();
    private final Attempts faults = new Attempts();

    FaultPlan() {}

    /** Puts a fault in line for the next so many requests. */
    public synchronized void queue(SimulatedFault fault, int times) {
        if (times < 0 || queued.size() + (long) times > QUEUED_MAX) {
            throw new IllegalArgumentException(
                    "at most " + QUEUED_MAX + " faults can be in line, found " + times + " more");
        }
        for (var i = 0; i < times; i++) {
            queued.addLast(fault);
        }
    }

    /** Empties the line. */
    public synchronized void clear() {
        queued.clear();
    }

    /**
     * The fault of a request.
     *
     * @param attempted what it is an attempt at
     */
    synchronized Optional<SimulatedFault> next(ByteBuffer attempted, FaultDirectives directives) {
        var inLine = queued.pollFirst();
        if (inLine != null) {
            return Optional.of(inLine);
        }
        if (directives.failFirst() > 0 && failures.count(attempted) <= directives.failFirst()) {
            return Optional.of(directives.failure());
        }
        return directives.fault().isPresent() && faults.count(attempted) <= directives.faultTimes()
                ? directives.fault()
                : Optional.empty();
    }

    /** The fault that is in line for a request that can ask for none. */
    synchronized Optional<SimulatedFault> next() {
        return Optional.ofNullable(queued.pollFirst());
    }

    /** What a request is an attempt at, in few bytes. */
    static ByteBuffer attempted(HttpRequest http, String series) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            if (series.isEmpty()) {
                digest.update(http.path().getBytes(StandardCharsets.UTF_8));
                digest.update(http.body());
            } else {
                digest.update(series.getBytes(StandardCharsets.UTF_8));
            }
            return ByteBuffer.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** How often something was attempted; the oldest is forgotten. Guarded by the plan. */
    private static final class Attempts {

        private static final int ATTEMPTED_MAX = 10_000;

        private final Map<ByteBuffer, Integer> counts =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Integer> eldest) {
                        return size() > ATTEMPTED_MAX;
                    }
                };

        /** Counts another one, and says how many that makes. */
        int count(ByteBuffer attempted) {
            return counts.merge(attempted, 1, Integer::sum);
        }
    }
}
