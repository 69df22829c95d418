package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/** Usage as the Responses API reports it; its totals are inclusive already. */
final class ResponsesUsage {
    private ResponsesUsage() {}

    /** The usage in our words; absent when the provider said nothing. */
    static @Nullable Usage of(JsonNode usage) {
        if (!(usage instanceof ObjectNode raw) || raw.isEmpty()) {
            return null;
        }
        var input = raw.path("input_tokens_details");
        var output = raw.path("output_tokens_details");
        return new Usage(
                ProviderJson.count(raw, "input_tokens"),
                ProviderJson.count(raw, "output_tokens"),
                ProviderJson.count(raw, "total_tokens"),
                ProviderJson.count(input, "cached_tokens"),
                ProviderJson.count(input, "cache_write_tokens"),
                ProviderJson.count(output, "reasoning_tokens"),
                ProviderJson.count(input, "audio_tokens"),
                ProviderJson.count(output, "audio_tokens"),
                ProviderJson.count(input, "text_tokens"),
                ProviderJson.count(output, "text_tokens"),
                ProviderJson.count(input, "image_tokens"),
                ProviderJson.count(output, "image_tokens"),
                null,
                null,
                raw);
    }
}
