package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.LifecycleBody.Outcome;

import org.jspecify.annotations.Nullable;

/**
 * The ledger row of one finished stream: the value of {@code tidemark.usage}. Holds no content.
 *
 * @param schemaVersion major version, {@value #SCHEMA_VERSION}
 * @param provenance where the figures come from
 * @param usage tokens by kind, totals inclusive; absent when provenance is {@code none}
 * @param failureCode why it failed; absent unless it did
 * @param cost what it cost; absent unless whoever wrote it was told of a price that fits
 */
public record UsageRow(
        int schemaVersion,
        StreamId requestId,
        @Nullable String tenant,
        String provider,
        @Nullable String api,
        String model,
        String requestedModel,
        Response.Status status,
        @Nullable Outcome outcome,
        @Nullable String finishReason,
        @Nullable String failureCode,
        Provenance provenance,
        @Nullable Usage usage,
        Response.Timings timings,
        int attempts,
        @Nullable Cost cost) {
    /** The major version of this shape. */
    public static final int SCHEMA_VERSION = 1;

    public UsageRow {
        requireNonNull(requestId, "requestId");
        requireNonNull(provenance, "provenance");
    }

    /** The same row with another cost, or none. */
    public UsageRow withCost(@Nullable Cost newCost) {
        return new UsageRow(
                schemaVersion,
                requestId,
                tenant,
                provider,
                api,
                model,
                requestedModel,
                status,
                outcome,
                finishReason,
                failureCode,
                provenance,
                usage,
                timings,
                attempts,
                newCost);
    }

    /** Where the figures of a row come from. */
    public enum Provenance implements WireName {
        /** The provider said so at the end. */
        PROVIDER,
        /** The provider said so on the way, and the stream ended before it said more. */
        PARTIAL,
        /** Our own estimate. */
        ESTIMATED,
        /** Nothing is known, which is not zero. */
        NONE
    }
}
