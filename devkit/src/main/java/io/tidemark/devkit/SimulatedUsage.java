package io.tidemark.devkit;

/**
 * The sum of the usage that authored answers have reported at their end; what a ledger has to come
 * out at. Recordings are not counted, nor chat streams that were not to report any. Immutable.
 *
 * @param responses how many answers reported usage
 * @param inputTokens sum of what was asked, as {@code usage.input_tokens}
 * @param outputTokens sum of what was said, thoughts included
 * @param reasoningTokens sum of the thoughts in it
 */
public record SimulatedUsage(
        long responses, long inputTokens, long outputTokens, long reasoningTokens) {

    /** Nothing yet. */
    public static final SimulatedUsage NONE = new SimulatedUsage(0, 0, 0, 0);

    /** The sum of both. */
    public SimulatedUsage plus(SimulatedUsage other) {
        return new SimulatedUsage(
                responses + other.responses,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                reasoningTokens + other.reasoningTokens);
    }
}
