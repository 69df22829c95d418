package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/**
 * Usage as the Messages API reports it: when a message begins, and again, cumulative, when it ends;
 * field by field, what is said last counts. Its input leaves cached tokens out, ours does not. What
 * single {@code iterations} used is not added: the totals hold those of the model that answers, and
 * what others used is charged at other rates. Confined to one thread.
 */
final class MessagesUsage {
    /** Most fields kept of the provider's object. */
    static final int FIELDS_MAX = 64;

    /** Longest of them, in characters of JSON. */
    static final int FIELD_CHARS_MAX = 64 * 1024;

    private final ObjectNode known = ProviderJson.newObject();

    /** Takes over what the provider says; a field that it leaves out stays as it was. */
    void learn(JsonNode usage) {
        for (var field : usage.properties()) {
            if (!field.getValue().isNull() && hasRoom(field.getKey(), field.getValue())) {
                known.set(field.getKey(), field.getValue());
            }
        }
    }

    private boolean hasRoom(String name, JsonNode value) {
        boolean room = known.has(name) || known.size() < FIELDS_MAX;
        boolean small =
                value.isNumber()
                        || name.length() + ProviderJson.text(value).length() <= FIELD_CHARS_MAX;
        return room && small;
    }

    /** The usage in our words; absent when the provider said nothing. */
    @Nullable Usage soFar() {
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
