package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.ResponseLimits;

import java.util.List;

/**
 * What a normaliser has to know of the request whose answer it reads.
 *
 * @param provider name of the configured provider
 * @param request the body that was sent, of which only {@code audio}, {@code generationConfig},
 *     {@code n} and {@code tools} are kept: the rest is the prompt, and a stream may last for
 *     hours; read, never modified
 * @param limits how much of the response may be held in memory
 */
public record NormaliserContext(String provider, ObjectNode request, ResponseLimits limits) {
    private static final List<String> KEPT = List.of("audio", "generationConfig", "n", "tools");

    public NormaliserContext {
        requireNonNull(provider, "provider");
        requireNonNull(limits, "limits");
        request = kept(requireNonNull(request, "request"));
    }

    private static ObjectNode kept(ObjectNode request) {
        var kept = request.objectNode();
        for (var field : KEPT) {
            var value = request.get(field);
            if (value != null) {
                kept.set(field, value);
            }
        }
        return kept;
    }

    @Override
    public String toString() {
        return "NormaliserContext[provider=" + provider + ", fields=" + request.size() + "]";
    }
}
