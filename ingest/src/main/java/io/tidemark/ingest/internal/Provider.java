package io.tidemark.ingest.internal;

import io.tidemark.ingest.ProviderConfig;

import java.time.InstantSource;

/**
 * A configured provider with what all its streams share.
 *
 * @param gate how many connections at a time
 * @param health whether it is worth calling
 * @param budget how many retries it may be given
 */
record Provider(
        ProviderConfig config,
        UpstreamClient client,
        ConcurrencyGate gate,
        ProviderHealth health,
        RetryBudget budget) {
    static Provider of(ProviderConfig config, InstantSource clock) {
        return new Provider(
                config,
                new UpstreamClient(config),
                new ConcurrencyGate(config.concurrencyMax()),
                new ProviderHealth(config.name(), config.resilience().breaker(), clock),
                new RetryBudget(config.resilience().retriesPerCall()));
    }
}
