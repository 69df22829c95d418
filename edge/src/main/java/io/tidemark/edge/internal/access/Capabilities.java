package io.tidemark.edge.internal.access;

import io.tidemark.schemas.Revocation;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Issues capabilities, checks them, and revokes them. Thread-safe.
 *
 * <p>Edges agree on nothing but their keys and the topic of revocations. Their clocks may differ by
 * {@link #SKEW}: a revocation reaches that far ahead, so that it also covers what an edge whose
 * clock is ahead has issued before it heard of it; what is issued by an edge that has heard of it
 * is dated behind it.
 */
public final class Capabilities {
    /** How far the clocks of edges may be apart. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private final CapabilitySigner signer;
    private final Duration lifetimeMax;
    private final Revocations revocations;
    private final InstantSource clock;

    /**
     * Capabilities of one installation.
     *
     * @param secrets keys; the first one signs, all of them verify
     * @param lifetimeMax longest lifetime, and that of those who ask for none
     */
    public Capabilities(
            List<String> secrets,
            Duration lifetimeMax,
            Revocations revocations,
            InstantSource clock) {
        this.signer = new CapabilitySigner(secrets);
        this.lifetimeMax = lifetimeMax;
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Longest lifetime. */
    public Duration lifetimeMax() {
        return lifetimeMax;
    }

    /** A token and until when it is good. */
    public record Issued(String token, long expiresAtMs) {
        @Override
        public String toString() {
            return "Issued[expiresAtMs=" + expiresAtMs + "]";
        }
    }

    /**
     * Issues one.
     *
     * @param lifetime up to {@link #lifetimeMax()}
     */
    public Issued issue(StreamId stream, String tenant, Scope scope, Duration lifetime) {
        long now = clock.millis();
        long expiresAt = now + lifetime.toMillis();
        long issuedAt = revocations.issueTime(stream, now);
        var capability = new Capability(stream, tenant, scope, issuedAt, expiresAt);
        return new Issued(signer.write(capability), expiresAt);
    }

    /** What a token is good for, if it is a capability for what is asked now. */
    Optional<Capability> read(String token, Asked asked) {
        return signer.read(token)
                .filter(it -> it.covers(asked, clock.millis()))
                .filter(it -> !revocations.revoked(it.stream(), it.issuedAtMs()));
    }

    /** What to tell all edges so that what was issued for a stream before now is revoked. */
    public Revocation revocation(StreamId stream) {
        long now = clock.millis();
        return new Revocation(stream, now, now + SKEW.toMillis());
    }

    /** Takes note of a revocation that all edges were told of. */
    public void heed(Revocation revocation) {
        revocations.add(revocation.requestId(), revocation.issuedBefore(), clock.millis());
    }
}
