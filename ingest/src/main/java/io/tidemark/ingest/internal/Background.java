package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Preparation.Prepared;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A provider that was asked for a response which it goes on with by itself, and how that response
 * is reached. Holds nothing of the request but its headers. Immutable.
 *
 * @param headers what the API asks for with every request
 */
record Background(Candidate candidate, Resumption resumption, Map<String, String> headers) {
    /** Longest wait for a provider to take note that nobody wants any more of a response. */
    static final Duration CANCEL_MAX = Duration.ofSeconds(3);

    Background {
        requireNonNull(candidate, "candidate");
        requireNonNull(resumption, "resumption");
        headers = Map.copyOf(headers);
    }

    /** Present if the provider would go on with what the request asks for. */
    static Optional<Background> of(Candidate candidate, Prepared prepared) {
        return candidate
                .api()
                .resumption(prepared.body().json())
                .map(resumption -> new Background(candidate, resumption, prepared.headers()));
    }

    /** The request for what comes after an event, or for everything. */
    Outgoing reading(String responseId, OptionalLong after) {
        return new Outgoing.Reading(resumption.reading(responseId, after), headers);
    }

    /** Tells the provider to go no further, and waits for its answer a short while. */
    void cancel(String responseId, IngestMetrics metrics) {
        boolean done =
                candidate
                        .provider()
                        .client()
                        .cancel(
                                new Outgoing.Cancelling(resumption.cancelling(responseId), headers),
                                candidate.api().keyHeader(),
                                CANCEL_MAX);
        metrics.cancelledAtProvider(candidate.name(), done);
    }
}
