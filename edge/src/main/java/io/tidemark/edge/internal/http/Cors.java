package io.tidemark.edge.internal.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pages of other origins may read our answers (the CORS protocol of the WHATWG's Fetch
 * standard): those of the origins that are named, or of all. Never with the browser's own
 * credentials, which nothing here uses. Immutable.
 */
final class Cors {
    private static final String ANY = "*";
    private static final HttpString ORIGIN = new HttpString("Origin");
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString EXPOSE = new HttpString("Access-Control-Expose-Headers");
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String EXPOSED =
            "Location, Tidemark-Request-Id, Retry-After, Idempotency-Replayed";
    private static final String ALLOWED_HEADERS =
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, traceparent";
    private static final String MAX_AGE_SECONDS = "600";

    private final Set<String> origins;

    /** Origins as browsers spell them, or {@code *} for all; empty for none. */
    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Sets the headers that every answer to a request has, whatever it is. */
    void mark(HttpServerExchange exchange) {
        if (origins.isEmpty()) {
            return;
        }
        HeaderMap out = exchange.getResponseHeaders();
        if (!origins.contains(ANY)) {
            out.add(Headers.VARY, "Origin");
        }
        var allowed = allowed(exchange);
        if (allowed != null) {
            out.put(ALLOW_ORIGIN, allowed);
            out.put(EXPOSE, EXPOSED);
        }
    }

    private @Nullable String allowed(HttpServerExchange exchange) {
        var asked = exchange.getRequestHeaders().get(ORIGIN);
        if (asked == null || asked.size() != 1) {
            return null;
        }
        if (origins.contains(ANY)) {
            return ANY;
        }
        return origins.contains(asked.getFirst()) ? asked.getFirst() : null;
    }

    /** Whether a browser asks on behalf of an origin that is allowed whether it may ask. */
    boolean preflight(HttpServerExchange exchange) {
        return exchange.getRequestMethod().equals(Methods.OPTIONS)
                && exchange.getRequestHeaders().contains(ASKED_METHOD)
                && allowed(exchange) != null;
    }

    /** The answer to such a question. */
    Reply answer(List<String> methods) {
        return Reply.noContent()
                .with(
                        Map.of(
                                "Access-Control-Allow-Methods",
                                String.join(", ", methods),
                                "Access-Control-Allow-Headers",
                                ALLOWED_HEADERS,
                                "Access-Control-Max-Age",
                                MAX_AGE_SECONDS));
    }
}
