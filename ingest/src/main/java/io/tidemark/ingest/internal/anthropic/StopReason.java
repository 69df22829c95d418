package io.tidemark.ingest.internal.anthropic;

import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a message stopped, in the provider's words and in ours. */
enum StopReason {
    END_TURN("end_turn", FinishReason.STOP, Outcome.COMPLETE, false),
    STOP_SEQUENCE("stop_sequence", FinishReason.STOP, Outcome.COMPLETE, false),
    TOOL_USE("tool_use", FinishReason.TOOL_CALLS, Outcome.COMPLETE, false),
    /** A turn too long for one request; the caller sends it back to have it continued. */
    PAUSE_TURN("pause_turn", FinishReason.PAUSE, Outcome.INCOMPLETE, false),
    /** The same, after the conversation so far was summed up. */
    COMPACTION("compaction", FinishReason.PAUSE, Outcome.INCOMPLETE, false),
    MAX_TOKENS("max_tokens", FinishReason.LENGTH, Outcome.INCOMPLETE, true),
    CONTEXT("model_context_window_exceeded", FinishReason.CONTEXT_LENGTH, Outcome.INCOMPLETE, true),
    /** A classifier of the provider's cut in; a model that refuses in words ends its turn. */
    REFUSAL("refusal", FinishReason.REFUSAL, Outcome.INCOMPLETE, true),
    /** Any other. */
    OTHER("", FinishReason.OTHER, Outcome.INCOMPLETE, true),
    /** The provider ended the message without a reason. */
    UNSTATED("", FinishReason.OTHER, Outcome.COMPLETE, false);

    private static final Map<String, StopReason> BY_WIRE =
            Arrays.stream(values())
                    .filter(reason -> !reason.wire.isEmpty())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    reason -> reason.wire, Function.identity()));

    private final String wire;
    private final FinishReason finishReason;
    private final Outcome outcome;
    private final boolean cuts;

    StopReason(String wire, FinishReason finishReason, Outcome outcome, boolean cuts) {
        this.wire = wire;
        this.finishReason = finishReason;
        this.outcome = outcome;
        this.cuts = cuts;
    }

    /** The reason of that name. */
    static StopReason named(@Nullable String wire) {
        return wire == null ? UNSTATED : BY_WIRE.getOrDefault(wire, OTHER);
    }

    /** The provider's names of those that have a meaning here. */
    static Set<String> names() {
        return BY_WIRE.keySet();
    }

    FinishReason finishReason() {
        return finishReason;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Whether it strikes in the middle of what the model was writing. */
    boolean cuts() {
        return cuts;
    }
}
