package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.internal.Preparation.Prepared;

import org.jspecify.annotations.Nullable;

/**
 * A provider that can be asked for a stream, and how.
 *
 * @param api the dialect to ask it in
 * @param model what it calls the model; absent if it is what the request says
 */
record Candidate(Provider provider, ProviderApi api, @Nullable String model) {
    String name() {
        return provider.config().name();
    }

    /** What reads the answer to a request. */
    Normaliser normaliser(Prepared prepared, IngestLimits limits) {
        return api.normaliser(
                new NormaliserContext(name(), prepared.body().json(), limits.response()));
    }
}
