package io.tidemark.ingest.internal.google;

import static java.util.Map.entry;

import io.tidemark.schemas.FinishReason;

import java.util.Map;
import java.util.Set;

/**
 * Google's words for why a candidate stopped, in our vocabulary. Their numbers are those of the
 * protocol buffer, of which the Gemini API's and Vertex AI's agree up to 5. Immutable.
 */
final class FinishReasons {
    private static final Map<String, FinishReason> REASONS =
            Map.ofEntries(
                    entry("STOP", FinishReason.STOP),
                    entry("1", FinishReason.STOP),
                    entry("MAX_TOKENS", FinishReason.LENGTH),
                    entry("2", FinishReason.LENGTH),
                    entry("SAFETY", FinishReason.CONTENT_FILTER),
                    entry("3", FinishReason.CONTENT_FILTER),
                    entry("RECITATION", FinishReason.CONTENT_FILTER),
                    entry("4", FinishReason.CONTENT_FILTER),
                    entry("LANGUAGE", FinishReason.CONTENT_FILTER),
                    entry("BLOCKLIST", FinishReason.CONTENT_FILTER),
                    entry("PROHIBITED_CONTENT", FinishReason.CONTENT_FILTER),
                    entry("SPII", FinishReason.CONTENT_FILTER),
                    entry("MODEL_ARMOR", FinishReason.CONTENT_FILTER),
                    entry("IMAGE_SAFETY", FinishReason.CONTENT_FILTER),
                    entry("IMAGE_PROHIBITED_CONTENT", FinishReason.CONTENT_FILTER),
                    entry("IMAGE_RECITATION", FinishReason.CONTENT_FILTER),
                    entry("IMAGE_OTHER", FinishReason.CONTENT_FILTER),
                    entry("MALFORMED_FUNCTION_CALL", FinishReason.MALFORMED_TOOL_CALL),
                    entry("UNEXPECTED_TOOL_CALL", FinishReason.MALFORMED_TOOL_CALL),
                    entry("TOO_MANY_TOOL_CALLS", FinishReason.MALFORMED_TOOL_CALL),
                    entry("NO_IMAGE", FinishReason.OTHER),
                    entry("OTHER", FinishReason.OTHER));

    private FinishReasons() {}

    /**
     * @param word in upper case
     * @param clientCalled whether the candidate leaves calls for the client to run
     */
    static FinishReason of(String word, boolean clientCalled) {
        var reason = REASONS.getOrDefault(word, FinishReason.OTHER);
        return reason == FinishReason.STOP && clientCalled ? FinishReason.TOOL_CALLS : reason;
    }

    /** The words, and numbers, that have a meaning here. */
    static Set<String> words() {
        return REASONS.keySet();
    }
}
