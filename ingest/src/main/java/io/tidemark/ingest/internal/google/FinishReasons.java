package io.tidemark.ingest.internal.google;

import io.tidemark.schemas.FinishReason;

/**
 * Google's words for why a candidate stopped, in our vocabulary. Their numbers are those of the
 * protocol buffer, of which the Gemini API's and Vertex AI's agree up to 5.
 */
final class FinishReasons {
    private FinishReasons() {}

    /**
     * @param word in upper case
     * @param clientCalled whether the candidate leaves calls for the client to run
     */
    static FinishReason of(String word, boolean clientCalled) {
        return switch (word) {
            case "STOP", "1" -> clientCalled ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "MAX_TOKENS", "2" -> FinishReason.LENGTH;
            case "SAFETY",
                    "3",
                    "RECITATION",
                    "4",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "IMAGE_OTHER" ->
                    FinishReason.CONTENT_FILTER;
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS" ->
                    FinishReason.MALFORMED_TOOL_CALL;
            default -> FinishReason.OTHER;
        };
    }
}
