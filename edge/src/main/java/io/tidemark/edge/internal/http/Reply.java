package io.tidemark.edge.internal.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

import java.net.URI;
import java.util.Map;

/**
 * A response that is whole before it is sent. Immutable.
 *
 * @param contentType empty for a response without a body
 */
record Reply(int status, String contentType, String body, Map<String, String> headers) {
    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, String body) {
        return new Reply(status, "application/json", body, Map.of());
    }

    static Reply json(int status, Map<String, ?> body) {
        return json(status, Json.write(body));
    }

    static Reply of(Problem problem) {
        return new Reply(problem.status(), Problem.CONTENT_TYPE, problem.json(), problem.headers());
    }

    static Reply noContent() {
        return new Reply(204, "", "", Map.of());
    }

    /** Sends the client to another edge, for the same and with the same method and body. */
    static Reply temporaryRedirect(URI edge, HttpServerExchange exchange) {
        var base = edge.toString().replaceFirst("/+$", "");
        var query = exchange.getQueryString();
        var target = base + exchange.getRequestPath() + (query.isEmpty() ? "" : "?" + query);
        return new Reply(307, "", "", Map.of("Location", target));
    }

    Reply with(Map<String, String> more) {
        return new Reply(status, contentType, body, more);
    }

    /**
     * Sends it; on the thread that has the exchange, which is over with that. To whoever has left
     * in the meantime nothing is said.
     */
    void send(HttpServerExchange exchange) {
        if (!exchange.getConnection().isOpen()) {
            return;
        }
        if (exchange.isResponseStarted()) {
            exchange.endExchange();
            return;
        }
        var out = exchange.getResponseHeaders();
        exchange.setStatusCode(status);
        out.put(Headers.CACHE_CONTROL, "no-store");
        out.put(new HttpString("X-Content-Type-Options"), "nosniff");
        headers.forEach((name, value) -> out.put(new HttpString(name), value));
        Linger.begin(exchange);
        if (contentType.isEmpty()) {
            exchange.endExchange();
        } else {
            out.put(Headers.CONTENT_TYPE, contentType);
            exchange.getResponseSender().send(body);
        }
    }

    @Override
    public String toString() {
        return "Reply[status=" + status + ", chars=" + body.length() + "]";
    }
}
