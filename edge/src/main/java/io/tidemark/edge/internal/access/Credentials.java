package io.tidemark.edge.internal.access;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Admits whoever brings one credential that is good for what they ask, and refuses everybody else:
 * none, two, or one that is not good. Thread-safe.
 */
public final class Credentials implements Authenticator {
    private final ApiKeys keys;
    private final Capabilities capabilities;
    private final @Nullable Jwts jwts;

    /**
     * An authenticator that takes keys, capabilities and, of an issuer, web tokens.
     *
     * @param jwts null where there is no issuer
     */
    public Credentials(ApiKeys keys, Capabilities capabilities, @Nullable Jwts jwts) {
        this.keys = keys;
        this.capabilities = capabilities;
        this.jwts = jwts;
    }

    /* Signatures cost more than an I/O thread should spend, and keys may have to be asked for. */
    @Override
    public boolean mayWait(Presented presented) {
        return jwts != null
                && presented.single()
                && presented.bearer().filter(Credentials::looksLikeJwt).isPresent();
    }

    private static boolean looksLikeJwt(String bearer) {
        return bearer.chars().filter(c -> c == '.').count() == 2;
    }

    @Override
    public Identity identify(Presented presented, Asked asked) {
        if (!presented.single()) {
            return new Identity.Refused();
        }
        var caller =
                presented.tokens().isEmpty()
                        ? presented.bearer().flatMap(this::holder)
                        : bearer(presented.tokens().getFirst(), asked);
        return caller.<Identity>map(it -> it).orElseGet(Identity.Refused::new);
    }

    private Optional<Identity.Caller> holder(String shown) {
        return keys.tenantOf(shown)
                .or(() ->
                        jwts != null && looksLikeJwt(shown)
                                ? jwts.tenantOf(shown)
                                : Optional.empty())
                .map(tenant -> new Identity.Caller(tenant, false));
    }

    private Optional<Identity.Caller> bearer(String token, Asked asked) {
        return capabilities
                .read(token, asked)
                .map(capability -> new Identity.Caller(capability.tenant(), true));
    }
}
