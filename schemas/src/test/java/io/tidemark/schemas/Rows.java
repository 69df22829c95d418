package io.tidemark.schemas;

import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

/** Ledger rows for tests, by what they differ in. */
final class Rows {
    static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");

    private static final long BEGAN_AT = 1_795_185_600_000L;
    private static final Response.Timings TIMINGS =
            new Response.Timings(BEGAN_AT, BEGAN_AT + 400, BEGAN_AT + 2_400, 400L, 2_400L, null);

    private Rows() {}

    static UsageRow of(String provider, String model, @Nullable Usage usage) {
        return completed("acme", provider, model, usage, TIMINGS);
    }

    static UsageRow timed(Response.Timings timings, @Nullable Usage usage) {
        return completed("acme", "openai", "gpt-5", usage, timings);
    }

    private static UsageRow completed(
            String tenant,
            String provider,
            String model,
            @Nullable Usage usage,
            Response.Timings timings) {
        return new UsageRow(
                UsageRow.SCHEMA_VERSION,
                ID,
                tenant,
                provider,
                null,
                model,
                model,
                Response.Status.COMPLETED,
                Outcome.COMPLETE,
                "stop",
                null,
                usage == null ? Provenance.NONE : Provenance.PROVIDER,
                usage,
                timings,
                1,
                null);
    }

    static UsageRow with(UsageRow row, Provenance provenance) {
        return new UsageRow(
                row.schemaVersion(),
                row.requestId(),
                row.tenant(),
                row.provider(),
                row.api(),
                row.model(),
                row.requestedModel(),
                row.status(),
                row.outcome(),
                row.finishReason(),
                row.failureCode(),
                provenance,
                row.usage(),
                row.timings(),
                row.attempts(),
                row.cost());
    }

    static UsageRow ended(
            UsageRow row, Response.Status status, @Nullable String reason, @Nullable String code) {
        return new UsageRow(
                row.schemaVersion(),
                row.requestId(),
                row.tenant(),
                row.provider(),
                row.api(),
                row.model(),
                row.requestedModel(),
                status,
                null,
                reason,
                code,
                row.provenance(),
                row.usage(),
                row.timings(),
                row.attempts(),
                row.cost());
    }

    static Usage tokens(@Nullable Long input, @Nullable Long output) {
        return Usage.ofTotals(input, output, null);
    }

    static Usage usage(
            @Nullable Long input,
            @Nullable Long output,
            @Nullable Long cachedInput,
            @Nullable Long cacheWrite,
            @Nullable Long reasoning) {
        return new Usage(
                input,
                output,
                null,
                cachedInput,
                cacheWrite,
                reasoning,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static Usage seconds(double seconds) {
        return new Usage(
                null, null, null, null, null, null, null, null, null, null, null, null, seconds,
                null, null);
    }
}
