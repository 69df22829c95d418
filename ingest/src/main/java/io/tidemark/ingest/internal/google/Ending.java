package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The ways in which an answer ends. */
final class Ending {
    private Ending() {}

    /** Every candidate has its finish reason, and nothing more comes. */
    static void complete(LiveGeneration live) {
        var candidates = List.copyOf(live.candidates());
        candidates.forEach(candidate -> close(candidate, reason(candidate).outcome()));
        var first = candidates.getFirst();
        var reason = reason(first);
        end(
                live,
                reason.outcome(),
                reason,
                first.finishReason(),
                candidates.size() > 1 ? candidates.stream().map(Ending::stated).toList() : null);
    }

    /**
     * The provider said that it is done: with a finish reason, or else with what it has said, if it
     * has said anything.
     */
    static void done(LiveGeneration live) {
        if (live.finished()) {
            complete(live);
            return;
        }
        if (live.items().isEmpty()) {
            throw new ProtocolViolation("The provider's stream ended without an answer.");
        }
        live.candidates().forEach(candidate -> close(candidate, Outcome.COMPLETE));
        end(live, Outcome.COMPLETE, FinishReason.OTHER, null, null);
    }

    /** The provider reported a failure. */
    static void fail(LiveGeneration live, ProviderError error) {
        fail(live, ProviderFault.inStream(error), live.out().contentSent());
    }

    /**
     * The provider reported a failure that we have a word for.
     *
     * @param partial whether content was sent before
     */
    static void fail(LiveGeneration live, ProviderFault fault, boolean partial) {
        live.closeAll(ItemStatus.INCOMPLETE);
        live.out().add(fault.failed(partial, live.usage()));
    }

    private static FinishReason reason(Candidate candidate) {
        var word = candidate.finishReason();
        return word == null
                ? FinishReason.OTHER
                : FinishReasons.of(word, candidate.calls().leftToClient());
    }

    private static void close(Candidate candidate, Outcome outcome) {
        boolean complete = outcome == Outcome.COMPLETE;
        if (complete) {
            candidate.calls().finishWhole();
        }
        candidate.close(complete ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE);
    }

    private static JsonNode stated(Candidate candidate) {
        return ProviderJson.newObject()
                .put("choiceIndex", candidate.index())
                .put("finishReason", reason(candidate).wire())
                .put("providerFinishReason", candidate.finishReason());
    }

    private static void end(
            LiveGeneration live,
            Outcome outcome,
            FinishReason reason,
            @Nullable String word,
            @Nullable List<JsonNode> reasons) {
        live.out()
                .add(
                        new Completed(
                                outcome,
                                reason.wire(),
                                word,
                                reasons,
                                live.usage(),
                                live.model(),
                                live.responseId()));
    }
}
