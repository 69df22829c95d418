package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.SimulatedUsage;
import io.tidemark.devkit.internal.Reply.End;

/**
 * The tokens of an answer, as each API counts them. Immutable.
 *
 * @param input what was asked
 * @param output what was said, thoughts included
 * @param reasoning the thoughts in it
 */
record ApiUsage(long input, long output, long reasoning) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** For an answer with one choice. */
    static ApiUsage of(Turn turn) {
        return of(turn, 1);
    }

    /** For an answer that is said so many times over. */
    static ApiUsage of(Turn turn, int choices) {
        return new ApiUsage(
                Tokens.estimate(turn.request().prompt()),
                choices * turn.reply().tokens(),
                choices * turn.reply().reasoningTokens());
    }

    /** What an answer of that id reports to the ledger; one that failed, nothing. */
    Reported reported(String answerId, Reply reply) {
        return reply.end() instanceof End.Failed
                ? Reported.nothing(answerId)
                : new Reported(answerId, new SimulatedUsage(1, input, output, reasoning));
    }

    /** The {@code usage} of Responses. */
    ObjectNode ofResponses() {
        var usage = JSON.objectNode().put("input_tokens", input);
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.put("output_tokens", output);
        usage.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
        return usage.put("total_tokens", input + output);
    }

    /** The {@code usage} of Chat Completions. */
    ObjectNode ofChat() {
        var usage = JSON.objectNode().put("prompt_tokens", input).put("completion_tokens", output);
        usage.put("total_tokens", input + output);
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", reasoning)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }

    /** The {@code usage} of Messages, at a moment at which so much has been said. */
    ObjectNode ofMessages(long outputSoFar) {
        return JSON.objectNode()
                .put("input_tokens", input)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", outputSoFar)
                .put("service_tier", "standard");
    }

    /** The {@code usageMetadata} of Gemini, which counts thoughts apart and names no zero. */
    ObjectNode ofGemini() {
        var usage = JSON.objectNode().put("promptTokenCount", input);
        if (output > reasoning) {
            usage.put("candidatesTokenCount", output - reasoning);
        }
        usage.put("totalTokenCount", input + output);
        usage.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", input);
        if (reasoning > 0) {
            usage.put("thoughtsTokenCount", reasoning);
        }
        return usage;
    }

    /** The {@code usage} of a transcription, in which nothing is thought. */
    ObjectNode ofTranscription() {
        var said = output - reasoning;
        var usage = JSON.objectNode().put("type", "tokens").put("total_tokens", input + said);
        usage.put("input_tokens", input);
        usage.putObject("input_token_details").put("text_tokens", 0).put("audio_tokens", input);
        return usage.put("output_tokens", said);
    }
}
