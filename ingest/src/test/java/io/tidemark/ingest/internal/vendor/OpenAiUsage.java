package io.tidemark.ingest.internal.vendor;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import java.util.Map;
import java.util.TreeMap;

/** Figures of OpenAI's two ways to say usage, by our names. */
final class OpenAiUsage {
    private OpenAiUsage() {}

    /**
     * Those that are there.
     *
     * @param input what it calls the tokens that it read, {@code input_tokens} or others
     * @param output what it calls those that it wrote
     */
    static Map<String, Long> figures(JsonNode usage, String input, String output) {
        var figures = new TreeMap<String, Long>();
        put(figures, "input", usage, input);
        put(figures, "output", usage, output);
        put(figures, "total", usage, "total_tokens");
        put(figures, "cachedInput", usage.path(input + "_details"), "cached_tokens");
        put(figures, "cacheWrite", usage.path(input + "_details"), "cache_write_tokens");
        put(figures, "reasoning", usage.path(output + "_details"), "reasoning_tokens");
        return figures;
    }

    private static void put(Map<String, Long> figures, String name, JsonNode holder, String field) {
        var value = ProviderJson.count(holder, field);
        if (value != null) {
            figures.put(name, value);
        }
    }
}
