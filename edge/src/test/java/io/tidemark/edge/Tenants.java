package io.tidemark.edge;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Two tenants and their keys, and what capabilities are signed with. */
final class Tenants {
    static final String ACME = "acme-key-0123456789-abcdefghijklm";
    static final String ACME_NEXT = "acme-key-next/987654321+zyxwvuts==";
    static final String GLOBEX = "globex.key~0123456789.abcdefghijk";
    static final String SIGNING = "signing-key-0123456789-abcdefghij";
    static final String SIGNING_NEXT = "signing-key-next-9876543210-zyxwv";

    private Tenants() {}

    static AccessConfig access() {
        return access(new AccessConfig.Capabilities(List.of(SIGNING), Duration.ofHours(1)));
    }

    static AccessConfig access(AccessConfig.Capabilities capabilities) {
        return new AccessConfig(
                Map.of("acme", List.of(ACME, ACME_NEXT), "globex", List.of(GLOBEX)),
                null,
                capabilities,
                List.of(),
                false);
    }
}
