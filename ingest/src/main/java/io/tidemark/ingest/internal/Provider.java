package io.tidemark.ingest.internal;

import io.tidemark.ingest.ProviderConfig;

/**
 * A configured provider with what all its streams share.
 *
 * @param gate how many connections at a time
 */
record Provider(ProviderConfig config, UpstreamClient client, ConcurrencyGate gate) {
    static Provider of(ProviderConfig config) {
        return new Provider(
                config, new UpstreamClient(config), new ConcurrencyGate(config.concurrencyMax()));
    }
}
