package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/** The ways in which a provider ends a response. */
enum Ending {
    COMPLETED,
    INCOMPLETE,
    CANCELLED,
    FAILED;

    /**
     * Ends the response: what its final statement holds and was not sent comes first, then what is
     * open is closed, then the terminal. The response's own status is believed over the event's
     * name.
     */
    void end(LiveResponse live, ProviderFrame frame) {
        var response = frame.node("response");
        live.learn(response);
        if (frame.json().hasNonNull("error")) {
            live.hold(ProviderError.of(frame.node("error")));
        }
        var ending = stated(response);
        boolean complete = ending == COMPLETED;
        FinalOutput.reconcile(
                live,
                frame,
                response.path("output"),
                complete ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE);
        live.closeAll(complete ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE);
        var usage = ResponsesUsage.of(response.path("usage"));
        switch (ending) {
            case FAILED -> fail(live, ProviderError.of(response.path("error")), usage);
            case CANCELLED ->
                    complete(live, Outcome.CANCELLED, FinishReason.CANCELLED, null, usage);
            case COMPLETED ->
                    complete(live, Outcome.COMPLETE, finishReason(live.writer()), null, usage);
            case INCOMPLETE -> {
                var reason = ProviderJson.word(response.path("incomplete_details"), "reason");
                complete(live, Outcome.INCOMPLETE, finishReason(reason), reason, usage);
            }
        }
    }

    /** Ends a response as failed, as far as is known. */
    static void fail(LiveResponse live, ProviderError error, @Nullable Usage usage) {
        var held = live.heldError();
        var known = held == null ? error : error.orElse(held);
        boolean partial = live.out().contentSent();
        live.closeAll(ItemStatus.INCOMPLETE);
        live.out().add(ProviderFault.inStream(known).failed(partial, usage));
    }

    /**
     * Ends a response that the provider said is done without saying how: complete, if there was
     * anything.
     */
    static void done(LiveResponse live) {
        if (live.items().all().isEmpty()) {
            throw new ProtocolViolation("The provider's stream ended without a response.");
        }
        live.closeAll(ItemStatus.COMPLETED);
        complete(live, Outcome.COMPLETE, FinishReason.OTHER, null, null);
    }

    private static void complete(
            LiveResponse live,
            Outcome outcome,
            FinishReason reason,
            @Nullable String providerReason,
            @Nullable Usage usage) {
        if (live.heldError() != null) {
            live.out()
                    .add(
                            new Warning(
                                    "provider_error",
                                    "The provider reported an error and ended without one.",
                                    live.heldError().code()));
        }
        live.out()
                .add(
                        new Completed(
                                outcome,
                                reason.wire(),
                                providerReason,
                                null,
                                usage,
                                live.model(),
                                live.responseId()));
    }

    private Ending stated(JsonNode response) {
        return switch (response.path("status").asText()) {
            case "completed" -> COMPLETED;
            case "incomplete" -> INCOMPLETE;
            case "cancelled" -> CANCELLED;
            case "failed" -> FAILED;
            default -> this;
        };
    }

    private static FinishReason finishReason(OutputWriter written) {
        if (written.clientCalled()) {
            return FinishReason.TOOL_CALLS;
        }
        return written.refused() ? FinishReason.REFUSAL : FinishReason.STOP;
    }

    private static FinishReason finishReason(@Nullable String incompleteReason) {
        return switch (incompleteReason) {
            case "max_output_tokens", "max_messages" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "steered" -> FinishReason.STEERED;
            case null, default -> FinishReason.OTHER;
        };
    }
}
