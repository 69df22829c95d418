package io.tidemark.devkit.internal;

import io.tidemark.devkit.Chunking;
import io.tidemark.devkit.Pacing;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a request asks of the simulator in its {@link Metadata}:
 *
 * <ul>
 *   <li>{@code sim_ttft_ms}, {@code sim_token_ms}: pacing
 *   <li>{@code sim_punctual}: whether tokens keep to their times
 *   <li>{@code sim_tokens}: how long the answer is
 *   <li>{@code sim_fault} and what goes with it: {@link FaultDirectives}
 *   <li>{@code sim_split_every} or {@code sim_split_seed} and {@code sim_split_max}: chunking, also
 *       beside another fault
 * </ul>
 *
 * Immutable.
 */
record Directives(
        Pacing pacing,
        boolean punctual,
        OptionalInt tokens,
        FaultDirectives faults,
        Chunking chunking) {

    static final int TOKENS_MAX = 200_000;
    private static final int MS_MAX = 600_000;
    private static final int SPLIT_BYTES_MAX = 64;

    /** The same for an answer that comes at once, when a stream of so many tokens would end. */
    Directives forWholeAnswer(long tokenCount) {
        var waits = Math.clamp(tokenCount - 1, 0, TOKENS_MAX);
        var whole = pacing.timeToFirstToken().plus(pacing.timePerToken().multipliedBy(waits));
        return new Directives(new Pacing(whole, Duration.ZERO), false, tokens, faults, chunking);
    }

    /**
     * What the entries say.
     *
     * @param pacing where they do not say
     * @param chunking where they do not say
     * @throws InvalidRequest if one cannot be followed
     */
    static Directives parse(Metadata metadata, Pacing pacing, Chunking chunking)
            throws InvalidRequest {
        return new Directives(
                pacing(metadata, pacing),
                metadata.entry("sim_punctual").equals("true"),
                metadata.number("sim_tokens", 1, TOKENS_MAX),
                FaultDirectives.parse(metadata),
                chunking(metadata, chunking));
    }

    private static Pacing pacing(Metadata metadata, Pacing otherwise) throws InvalidRequest {
        return new Pacing(
                millis(metadata, "sim_ttft_ms", otherwise.timeToFirstToken()),
                millis(metadata, "sim_token_ms", otherwise.timePerToken()));
    }

    private static Duration millis(Metadata metadata, String key, Duration otherwise)
            throws InvalidRequest {
        var millis = metadata.number(key, 0, MS_MAX);
        return millis.isPresent() ? Duration.ofMillis(millis.getAsInt()) : otherwise;
    }

    private static Chunking chunking(Metadata metadata, Chunking otherwise) throws InvalidRequest {
        var every = metadata.number("sim_split_every", 1, Integer.MAX_VALUE);
        if (every.isPresent()) {
            return new Chunking.EveryBytes(every.getAsInt());
        }
        var max = metadata.number("sim_split_max", 1, Integer.MAX_VALUE).orElse(SPLIT_BYTES_MAX);
        if (!metadata.entry("sim_split_seed").isEmpty()) {
            return new Chunking.Random(metadata.wholeNumber("sim_split_seed"), max);
        }
        return metadata.entry("sim_fault").equals("split") ? new Chunking.EveryBytes(1) : otherwise;
    }
}
