package io.tidemark.edge.internal.access;

import java.util.Optional;

/**
 * Admits whoever brings one credential that is good for what they ask, and refuses everybody else:
 * none, two, or one that is not good. Thread-safe.
 */
public final class Credentials implements Authenticator {
    private final ApiKeys keys;
    private final Capabilities capabilities;

    /** An authenticator that takes keys and capabilities. */
    public Credentials(ApiKeys keys, Capabilities capabilities) {
        this.keys = keys;
        this.capabilities = capabilities;
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

    private Optional<Identity.Caller> holder(String key) {
        return keys.tenantOf(key).map(tenant -> new Identity.Caller(tenant, false));
    }

    private Optional<Identity.Caller> bearer(String token, Asked asked) {
        return capabilities
                .read(token, asked)
                .map(capability -> new Identity.Caller(capability.tenant(), true));
    }
}
