package io.tidemark.ingest.internal.chat;

import static java.util.Map.entry;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.schemas.FinishReason;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Servers' words for why a choice ended, those of the models behind them included. Immutable. */
final class FinishWord {
    private static final Map<String, FinishReason> REASONS =
            Map.ofEntries(
                    entry("stop", FinishReason.STOP),
                    entry("stop_sequence", FinishReason.STOP),
                    entry("end_turn", FinishReason.STOP),
                    entry("eos", FinishReason.STOP),
                    entry("eos_token", FinishReason.STOP),
                    entry("complete", FinishReason.STOP),
                    entry("tool_calls", FinishReason.TOOL_CALLS),
                    entry("tool_call", FinishReason.TOOL_CALLS),
                    entry("tool_use", FinishReason.TOOL_CALLS),
                    entry("function_call", FinishReason.TOOL_CALLS),
                    entry("refusal", FinishReason.REFUSAL),
                    entry("length", FinishReason.LENGTH),
                    entry("max_tokens", FinishReason.LENGTH),
                    entry("max_output_tokens", FinishReason.LENGTH),
                    entry("max_length", FinishReason.LENGTH),
                    entry("model_length", FinishReason.LENGTH),
                    entry("context_length", FinishReason.CONTEXT_LENGTH),
                    entry("context_length_exceeded", FinishReason.CONTEXT_LENGTH),
                    entry("model_context_window_exceeded", FinishReason.CONTEXT_LENGTH),
                    entry("content_filter", FinishReason.CONTENT_FILTER),
                    entry("content_filtered", FinishReason.CONTENT_FILTER),
                    entry("guardrail_intervened", FinishReason.CONTENT_FILTER),
                    entry("sensitive", FinishReason.CONTENT_FILTER),
                    entry("safety", FinishReason.CONTENT_FILTER),
                    entry("recitation", FinishReason.CONTENT_FILTER),
                    entry("language", FinishReason.CONTENT_FILTER),
                    entry("blocklist", FinishReason.CONTENT_FILTER),
                    entry("prohibited_content", FinishReason.CONTENT_FILTER),
                    entry("spii", FinishReason.CONTENT_FILTER),
                    entry("pause_turn", FinishReason.PAUSE),
                    entry("cancelled", FinishReason.CANCELLED),
                    entry("function_call_filter", FinishReason.MALFORMED_TOOL_CALL),
                    entry("malformed_function_call", FinishReason.MALFORMED_TOOL_CALL),
                    entry("malformed_tool_use", FinishReason.MALFORMED_TOOL_CALL),
                    entry("malformed_model_output", FinishReason.MALFORMED_TOOL_CALL),
                    entry("unexpected_tool_call", FinishReason.MALFORMED_TOOL_CALL),
                    entry("too_many_tool_calls", FinishReason.MALFORMED_TOOL_CALL));

    private static final String ERROR = "error";

    /* Nobody asked for these ends. */
    private static final Set<String> FAILURES =
            Set.of(
                    ERROR,
                    "abort",
                    "aborted",
                    "insufficient_system_resource",
                    "internal_error",
                    "network_error",
                    "server_error");

    private FinishWord() {}

    /** Why the choice ended, in our words. */
    static FinishReason reason(String word) {
        return REASONS.getOrDefault(plain(word), FinishReason.OTHER);
    }

    /** The words that have a reason here; others stand for a failure, or for any other reason. */
    static Set<String> words() {
        return REASONS.keySet();
    }

    /** Whether the choice failed. */
    static boolean failure(String word) {
        return FAILURES.contains(plain(word));
    }

    /** The failure, which the word alone reports. */
    static ProviderError error(String word) {
        return plain(word).equals(ERROR) ? ProviderError.NONE : new ProviderError(null, word, null);
    }

    /* Gemini's compatible endpoint says "content_filter: SAFETY". */
    private static String plain(String word) {
        int colon = word.indexOf(':');
        return (colon < 0 ? word : word.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
    }
}
