package io.tidemark.edge.internal.access;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import java.util.Objects;

/**
 * The right to do one kind of thing with one stream, for a while, whoever holds it. Immutable.
 *
 * @param stream the one stream it is good for
 * @param tenant whose stream that is
 * @param scope what it is good for
 * @param issuedAtMs when it was issued, in epoch milliseconds; decides what a revocation reaches
 * @param expiresAtMs from when on it is good for nothing, in epoch milliseconds
 */
public record Capability(
        StreamId stream, String tenant, Scope scope, long issuedAtMs, long expiresAtMs) {
    public Capability {
        requireNonNull(stream, "stream");
        requireNonNull(tenant, "tenant");
        requireNonNull(scope, "scope");
    }

    /** Whether it is good for what is asked, at that time. */
    boolean covers(Asked asked, long nowMs) {
        return Objects.equals(asked.stream(), stream)
                && scope == asked.scope()
                && nowMs < expiresAtMs;
    }
}
