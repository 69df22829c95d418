package io.tidemark.faults;

import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What projectors write, in its shortest form. */
final class LedgerTexts {
    private static final Response.Timings TIMINGS =
            new Response.Timings(0, null, 0L, null, 0L, null);

    private LedgerTexts() {}

    /** A usage as the provider of the suite reports it. */
    static Usage usage(long input, long output, long reasoning) {
        return new Usage(
                input,
                output,
                input + output,
                0L,
                null,
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

    static UsageRow row(StreamId id, Status status, @Nullable Usage usage) {
        return new UsageRow(
                UsageRow.SCHEMA_VERSION,
                id,
                null,
                "openai",
                "openai.responses",
                "sim-long",
                "sim-long",
                status,
                status == Status.CANCELLED ? Outcome.CANCELLED : Outcome.COMPLETE,
                "stop",
                null,
                usage == null ? Provenance.NONE : Provenance.PROVIDER,
                usage,
                TIMINGS,
                1,
                null);
    }

    static Rollup rollup(UsageRow row) {
        return Rollup.of(RollupKey.of(row, 0), row);
    }

    static Response response(
            StreamId id, Status status, String text, long lastSequence, @Nullable String answer) {
        var part =
                new Response.Part(0, "text", null, text, null, null, null, null, List.of(), null);
        var item =
                new Response.Item(
                        0,
                        null,
                        null,
                        "message",
                        null,
                        null,
                        null,
                        null,
                        List.of(part),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null);
        return new Response(
                Response.SCHEMA_VERSION,
                id,
                status,
                "openai",
                "openai.responses",
                "sim-long",
                "sim-long",
                null,
                null,
                answer,
                null,
                null,
                null,
                null,
                null,
                List.of(item),
                null,
                List.of(),
                TIMINGS,
                1,
                lastSequence);
    }
}
