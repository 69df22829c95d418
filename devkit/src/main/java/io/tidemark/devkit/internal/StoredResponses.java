package io.tidemark.devkit.internal;

import io.tidemark.devkit.Pacing;
import io.tidemark.devkit.ProviderSimulatorConfig.Limits;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The responses in background mode, and what can be asked of them: {@code GET
 * /v1/responses/ID[?stream=true[&starting_after=NUMBER]]} and {@code POST /v1/responses/ID/cancel}.
 *
 * <p>So many, and so many bytes of events of all of them together. When there are more, the oldest
 * of those that have ended is forgotten, or else the oldest. Thread-safe: guarded by its lock.
 */
final class StoredResponses {

    /** What is asked of a response; each of the cases names it. */
    sealed interface StoredRequest {

        /** Which one. */
        StoredResponse response();

        /** Its events, from a number on. */
        record Events(StoredResponse response, long from) implements StoredRequest {}

        /** How it stands. */
        record State(StoredResponse response) implements StoredRequest {}

        /** To generate no more of it. */
        record Cancel(StoredResponse response) implements StoredRequest {}
    }

    private static final Pattern PATH = Pattern.compile("/v1/responses/([^/]+)(/cancel)?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final int responsesMax;
    private final long bytesMax;
    private final Accounts accounts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, StoredResponse> responses = new LinkedHashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private long bytes;
    private boolean closed;

    StoredResponses(Limits limits, Accounts accounts) {
        this.responsesMax = limits.storedResponsesMax();
        this.bytesMax = limits.storedBytesMax();
        this.accounts = accounts;
    }

    /** Whether a path is that of a response. */
    static boolean serves(String path) {
        return PATH.matcher(path).matches();
    }

    /** Begins to generate a response. */
    StoredResponse begin(Answer.Background answer, Pacing pacing, StoredResponse.Terms terms) {
        var response = new StoredResponse(answer.response(), terms);
        add(response);
        Thread.startVirtualThread(() ->
                response.generate(
                        answer,
                        pacing,
                        more -> grew(response, more),
                        () -> accounts.report(answer.reported())));
        return response;
    }

    private void add(StoredResponse response) {
        lock.lock();
        try {
            if (closed) {
                response.forget();
                return;
            }
            responses.put(response.id(), response);
            shrink();
        } finally {
            lock.unlock();
        }
    }

    private void grew(StoredResponse response, int more) {
        lock.lock();
        try {
            if (responses.containsKey(response.id())) {
                sizes.merge(response.id(), (long) more, Long::sum);
                bytes += more;
                shrink();
            }
        } finally {
            lock.unlock();
        }
    }

    private void shrink() {
        while (!responses.isEmpty() && (responses.size() > responsesMax || bytes > bytesMax)) {
            var oldest =
                    responses.values().stream()
                            .filter(StoredResponse::ended)
                            .findFirst()
                            .orElseGet(() -> responses.values().iterator().next());
            responses.remove(oldest.id());
            forgotten(oldest);
        }
    }

    private void forgotten(StoredResponse response) {
        var size = sizes.remove(response.id());
        bytes -= size == null ? 0 : size;
        response.forget();
    }

    void forgetAll() {
        lock.lock();
        try {
            responses.values().forEach(this::forgotten);
            responses.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all, and every one that is still begun. */
    void close() {
        lock.lock();
        try {
            closed = true;
            forgetAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a request asks, and of which response.
     *
     * @throws InvalidRequest if there is no such response, or that cannot be asked of it
     */
    StoredRequest read(HttpRequest http) throws InvalidRequest {
        var path = PATH.matcher(http.path());
        if (!path.matches()) {
            throw new IllegalArgumentException("no path of a response");
        }
        var cancel = path.group(2) != null;
        var method = cancel ? "POST" : "GET";
        if (!http.method().equals(method)) {
            throw new InvalidRequest(ApiError.methodNotAllowed(http.method(), http.path(), method));
        }
        var response = find(path.group(1));
        if (cancel) {
            return new StoredRequest.Cancel(response);
        }
        return http.parameter("stream").equals("true")
                ? events(response, http.parameter("starting_after"))
                : new StoredRequest.State(response);
    }

    private StoredResponse find(String id) throws InvalidRequest {
        lock.lock();
        try {
            return Optional.ofNullable(responses.get(id))
                    .orElseThrow(() -> new InvalidRequest(ApiError.unknownResponse(id)));
        } finally {
            lock.unlock();
        }
    }

    private static StoredRequest events(StoredResponse response, String after)
            throws InvalidRequest {
        if (!response.terms().streamed()) {
            throw new InvalidRequest(
                    ApiError.badRequest(
                            "stream", "The response was not created with stream=true."));
        }
        if (after.isEmpty()) {
            return new StoredRequest.Events(response, 0);
        }
        if (!NUMBER.matcher(after).matches()) {
            throw new InvalidRequest(
                    ApiError.badRequest(
                            "starting_after", "'starting_after' must be a whole number."));
        }
        return new StoredRequest.Events(response, Long.parseLong(after) + 1);
    }
}
