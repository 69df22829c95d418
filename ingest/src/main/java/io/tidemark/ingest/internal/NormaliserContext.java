package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a normaliser has to know of the request whose answer it reads.
 *
 * @param provider name of the configured provider
 * @param request the body that was sent; read, never modified
 */
public record NormaliserContext(String provider, ObjectNode request) {
    public NormaliserContext {
        requireNonNull(provider, "provider");
        requireNonNull(request, "request");
    }

    @Override
    public String toString() {
        return "NormaliserContext[provider=" + provider + ", fields=" + request.size() + "]";
    }
}
