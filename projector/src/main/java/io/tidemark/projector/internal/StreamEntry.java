package io.tidemark.projector.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.Shortened;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * What a list says of one stream ({@code docs/protocol.md}, section 11.11): no content, no labels,
 * and no string of more than {@value Shortened#CHARS_MAX} characters. Immutable.
 *
 * @param model the model that served it, or the one asked for until it has ended
 * @param startedAt when it began, in epoch milliseconds
 * @param endedAt when it ended; absent before that
 * @param finishReason why it stopped; absent while it goes on and when it failed
 * @param failureCode why it failed; absent unless it did
 * @param usage what was consumed, as far as was reported; absent before the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamEntry(
        StreamId requestId,
        Response.Status status,
        String provider,
        String model,
        String requestedModel,
        long startedAt,
        @Nullable Long endedAt,
        @Nullable String finishReason,
        @Nullable String failureCode,
        @Nullable Totals usage) {
    /** How lists are written and read. */
    static final ObjectMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Tokens, inclusive; an absent figure was not reported. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Totals(@Nullable Long input, @Nullable Long output, @Nullable Long total) {}

    /** A stream that has begun. */
    static StreamEntry begun(StreamId id, long at, Started start) {
        var model = Shortened.cut(start.model());
        return new StreamEntry(
                id,
                Response.Status.IN_PROGRESS,
                Shortened.cut(start.provider()),
                model,
                model,
                at,
                null,
                null,
                null,
                null);
    }

    /** A stream that has ended, by its ledger row. */
    static StreamEntry ended(UsageRow row) {
        return new StreamEntry(
                row.requestId(),
                row.status(),
                Shortened.cut(row.provider()),
                Shortened.cut(row.model()),
                Shortened.cut(row.requestedModel()),
                row.timings().startedAt(),
                row.timings().endedAt(),
                cutOrNull(row.finishReason()),
                cutOrNull(row.failureCode()),
                totals(row.usage()));
    }

    /** A stream that has ended, by its response, which says the same of it. */
    static StreamEntry ended(Response response) {
        var failure = response.failure();
        return new StreamEntry(
                response.requestId(),
                response.status(),
                Shortened.cut(response.provider()),
                Shortened.cut(response.model()),
                Shortened.cut(response.requestedModel()),
                response.timings().startedAt(),
                response.timings().endedAt(),
                cutOrNull(response.finishReason()),
                failure == null ? null : cutOrNull(failure.code()),
                totals(response.usage()));
    }

    private static @Nullable String cutOrNull(@Nullable String text) {
        return text == null ? null : Shortened.cut(text);
    }

    private static @Nullable Totals totals(@Nullable Usage usage) {
        return usage == null ? null : new Totals(usage.input(), usage.output(), usage.total());
    }

    /** The entry as the store holds it, and as it is sent. */
    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write an entry", e);
        }
    }

    /**
     * The entry these bytes hold.
     *
     * @throws IllegalStateException if they hold none
     */
    static StreamEntry decode(byte[] json) {
        try {
            return JSON.readValue(json, StreamEntry.class);
        } catch (IOException e) {
            throw new IllegalStateException("an entry of the list must be its JSON", e);
        }
    }
}
