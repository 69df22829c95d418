package io.tidemark.edge.internal.access;

/**
 * Admits whoever brings one credential that is good for what they ask, and refuses everybody else:
 * none, two, or one that is not good. Thread-safe.
 */
public final class Credentials implements Authenticator {
    private final ApiKeys keys;

    public Credentials(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Identity identify(Presented presented, Asked asked) {
        if (!presented.single()) {
            return new Identity.Refused();
        }
        return presented
                .bearer()
                .flatMap(keys::tenantOf)
                .<Identity>map(tenant -> new Identity.Caller(tenant, false))
                .orElseGet(Identity.Refused::new);
    }
}
