package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/** Usage of a transcription, which is counted in tokens or in seconds of audio. */
final class TranscriptionUsage {
    private TranscriptionUsage() {}

    /** The usage in our words; absent when the provider said nothing. */
    static @Nullable Usage of(JsonNode usage) {
        if (!(usage instanceof ObjectNode raw) || raw.isEmpty()) {
            return null;
        }
        var input = raw.path("input_token_details");
        return new Usage(
                ProviderJson.count(raw, "input_tokens"),
                ProviderJson.count(raw, "output_tokens"),
                ProviderJson.count(raw, "total_tokens"),
                null,
                null,
                null,
                ProviderJson.count(input, "audio_tokens"),
                null,
                ProviderJson.count(input, "text_tokens"),
                null,
                null,
                null,
                seconds(raw.path("seconds")),
                null,
                raw);
    }

    private static @Nullable Double seconds(JsonNode seconds) {
        double value = seconds.doubleValue();
        return seconds.isNumber() && value >= 0 && Double.isFinite(value) ? value : null;
    }
}
