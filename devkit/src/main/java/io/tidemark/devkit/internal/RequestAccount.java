package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedRequest;
import io.tidemark.devkit.SimulatedRequest.Ending;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The account of one request while it is answered. Thread-safe: guarded by itself. */
final class RequestAccount {

    private static final String REDACTED = "[redacted]";

    private final long id;
    private final String path;
    private final Map<String, String> headers;
    private final int bodyBytes;
    private final Instant startedAt;

    private String model = "";
    private int statusCode;
    private @Nullable String fault;
    private Ending ending = Ending.OPEN;
    private @Nullable Instant endedAt;
    private long sentBytes;
    private long sentFrames;
    private long sentTokens;

    RequestAccount(long id, HttpRequest request, Instant startedAt) {
        this.id = id;
        this.path = request.path();
        this.headers = redacted(request.headers());
        this.bodyBytes = request.body().length;
        this.startedAt = startedAt;
    }

    private static Map<String, String> redacted(Map<String, String> headers) {
        var redacted = new HashMap<>(headers);
        redacted.replaceAll((name, value) ->
                switch (name) {
                    case "authorization",
                            "proxy-authorization",
                            "cookie",
                            "api-key",
                            "x-api-key",
                            "x-goog-api-key" ->
                            REDACTED;
                    default -> value;
                });
        return redacted;
    }

    long id() {
        return id;
    }

    /** What the answer's head calls the request. */
    String requestId() {
        return "req_sim_" + id;
    }

    synchronized void model(String model) {
        this.model = model;
    }

    synchronized void status(int statusCode) {
        this.statusCode = statusCode;
    }

    synchronized void fault(String fault) {
        this.fault = fault;
    }

    synchronized void sentBytes(int bytes) {
        sentBytes += bytes;
    }

    synchronized void sentFrame(boolean token) {
        sentFrames++;
        sentTokens += token ? 1 : 0;
    }

    synchronized void end(Ending ending, Instant endedAt) {
        this.ending = ending;
        this.endedAt = endedAt;
    }

    synchronized SimulatedRequest snapshot() {
        return new SimulatedRequest(
                id,
                path,
                model,
                headers,
                bodyBytes,
                startedAt,
                Optional.ofNullable(endedAt),
                ending,
                statusCode,
                Optional.ofNullable(fault),
                sentBytes,
                sentFrames,
                sentTokens);
    }
}
