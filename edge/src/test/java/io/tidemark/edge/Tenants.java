package io.tidemark.edge;

import java.util.List;
import java.util.Map;

/** Two tenants and their keys. */
final class Tenants {
    static final String ACME = "acme-key-0123456789-abcdefghijklm";
    static final String ACME_NEXT = "acme-key-next/987654321+zyxwvuts==";
    static final String GLOBEX = "globex.key~0123456789.abcdefghijk";

    private Tenants() {}

    static AccessConfig access() {
        return new AccessConfig(
                Map.of("acme", List.of(ACME, ACME_NEXT), "globex", List.of(GLOBEX)), false);
    }
}
