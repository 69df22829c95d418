package io.tidemark.schemas;

import io.tidemark.schemas.LifecycleBody.Outcome;

/**
 * Why a stream that did not fail stopped, in one vocabulary for all providers. Events carry it as
 * text, because a later writer may know more reasons than this version.
 */
public enum FinishReason implements WireName {
    STOP(Outcome.COMPLETE),
    TOOL_CALLS(Outcome.COMPLETE),
    REFUSAL(Outcome.COMPLETE),
    LENGTH(Outcome.INCOMPLETE),
    CONTEXT_LENGTH(Outcome.INCOMPLETE),
    CONTENT_FILTER(Outcome.INCOMPLETE),
    PAUSE(Outcome.INCOMPLETE),
    STEERED(Outcome.INCOMPLETE),
    INTERRUPTED(Outcome.CANCELLED),
    CANCELLED(Outcome.CANCELLED),
    /** Nobody read the stream any more, and its request wanted it cancelled then. */
    DISCONNECTED(Outcome.CANCELLED),
    MALFORMED_TOOL_CALL(Outcome.INCOMPLETE),
    /** Something new; the provider's own word is kept in {@code providerFinishReason}. */
    OTHER(Outcome.INCOMPLETE);

    private final Outcome outcome;

    FinishReason(Outcome outcome) {
        this.outcome = outcome;
    }

    /** The outcome that usually goes with the reason; a provider's own status overrides it. */
    public Outcome outcome() {
        return outcome;
    }
}
