package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a stream's resources are. Paths, unless the edge is told to trust what a proxy says about
 * the address that clients use. Immutable.
 */
record Links(String base, StreamId id) {
    private static final String HOST = "[A-Za-z0-9.\\-\\[\\]:]{1,255}";

    /** Links for the client of this request. */
    static Links of(Call call, StreamId id, boolean trustForwarded) {
        var host = call.header("X-Forwarded-Host").filter(h -> h.matches(HOST));
        if (!trustForwarded || host.isEmpty()) {
            return new Links("", id);
        }
        var scheme = call.header("X-Forwarded-Proto").filter("https"::equals).orElse("http");
        return new Links(scheme + "://" + host.get(), id);
    }

    String response() {
        return base + "/v1/streams/" + id;
    }

    String events() {
        return response() + "/events";
    }

    String cancel() {
        return response() + "/cancel";
    }

    /**
     * The links as a body.
     *
     * @param read query of those that read; may be empty
     * @param stop query of the one that stops the stream; may be empty
     */
    Map<String, String> body(String read, String stop) {
        var body = new LinkedHashMap<String, String>();
        body.put("requestId", id.toString());
        body.put("eventsUrl", events() + read);
        body.put("responseUrl", response() + read);
        body.put("cancelUrl", cancel() + stop);
        return body;
    }

    /** Headers that name the stream on a response about it. */
    Map<String, String> headers() {
        return Map.of("Location", response(), "Tidemark-Request-Id", id.toString());
    }
}
