package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.UsageFields;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/**
 * Usage as the Messages API reports it: when a message begins, and again, cumulative, when it ends;
 * field by field, what is said last counts. Its input leaves cached tokens out, ours does not. What
 * single {@code iterations} used is not added: the totals hold those of the model that answers, and
 * what others used is charged at other rates. Confined to one thread.
 */
final class MessagesUsage {
    /** Longest field kept of the provider's object, in characters. */
    static final int FIELD_CHARS_MAX = 64 * 1024;

    private final UsageFields fields = new UsageFields(FIELD_CHARS_MAX);

    /** Takes over what the provider says; a field that it leaves out stays as it was. */
    void learn(JsonNode usage) {
        fields.learn(usage);
    }

    /** The usage in our words; absent when the provider said nothing. */
    @Nullable Usage soFar() {
        var known = fields.json();
        if (known.isEmpty()) {
            return null;
        }
        var cacheWrite = ProviderJson.count(known, "cache_creation_input_tokens");
        var cachedInput = ProviderJson.count(known, "cache_read_input_tokens");
        return new Usage(
                sum(ProviderJson.count(known, "input_tokens"), cacheWrite, cachedInput),
                ProviderJson.count(known, "output_tokens"),
                null,
                cachedInput,
                cacheWrite,
                ProviderJson.count(known.path("output_tokens_details"), "thinking_tokens"),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                known);
    }

    /* Absent without the first: cached tokens alone are no total. */
    private static @Nullable Long sum(
            @Nullable Long input, @Nullable Long cacheWrite, @Nullable Long cachedInput) {
        return input == null ? null : plus(plus(input, cacheWrite), cachedInput);
    }

    private static long plus(long sum, @Nullable Long tokens) {
        long more = tokens == null ? 0 : tokens;
        return more > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + more;
    }
}
