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
 * itself asks for, as long as this is one of its first attempts. Attempts are requests with the
 * same body. Thread-safe: guarded by itself.
 */
public final class FaultPlan {

    private static final int QUEUED_MAX = 10_000;
    private static final int BODIES_MAX = 10_000;

    private final ArrayDeque<SimulatedFault> queued = new ArrayDeque<>();
    private final Map<ByteBuffer, Integer> attempts =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Integer> eldest) {
                    return size() > BODIES_MAX;
                }
            };

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

    /** What a request is an attempt at: requests with the same path and body have the same. */
    static ByteBuffer attemptOf(HttpRequest http) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(http.path().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest.digest(http.body()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    synchronized Optional<SimulatedFault> next(ByteBuffer attempted, Directives directives) {
        var inLine = queued.pollFirst();
        if (inLine != null) {
            return Optional.of(inLine);
        }
        if (directives.fault().isEmpty()) {
            return Optional.empty();
        }
        int attempt = attempts.merge(attempted, 1, Integer::sum);
        return attempt <= directives.faultTimes() ? directives.fault() : Optional.empty();
    }
}
