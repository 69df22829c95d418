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

    /** What an answer reports to the ledger; one that failed, nothing. */
    SimulatedUsage reported(Reply reply) {
        return reply.end() instanceof End.Failed
                ? SimulatedUsage.NONE
                : new SimulatedUsage(1, input, output);
    }

    /** The {@code usage} of Responses. */
    ObjectNode ofResponses() {
        var usage = JSON.objectNode().put("input_tokens", input);
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.put("output_tokens", output);
        usage.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
        return usage.put("total_tokens", input + output);
    }
}
