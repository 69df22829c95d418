package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The ways in which a response ends. */
final class Ending {
    private Ending() {}

    /**
     * Ends the response as its choices ended.
     *
     * @param said whether the provider said that nothing more comes, so that what it reported of
     *     usage is its last word on it
     */
    static void end(LiveChat chat, boolean said) {
        if (chat.empty()) {
            throw new ProtocolViolation("The provider's stream ended without a response.");
        }
        for (var choice : chat.choices()) {
            var word = choice.finishWord();
            if (word != null && FinishWord.failure(word)) {
                fail(chat, FinishWord.error(word), said || chat.meter().lastWord());
                return;
            }
        }
        chat.choices().forEach(Choice::finish);
        complete(chat, usage(chat, said || chat.meter().lastWord()));
    }

    /**
     * Ends the response as failed.
     *
     * @param usageIsWhole whether the usage reported so far is the provider's last word on it
     */
    static void fail(LiveChat chat, ProviderError error, boolean usageIsWhole) {
        boolean partial = chat.out().contentSent();
        chat.closeAll(ItemStatus.INCOMPLETE);
        var usage = usage(chat, usageIsWhole);
        chat.out().add(ProviderFault.inStream(error).failed(partial, usage));
    }

    /* Usage that more was to follow of is no part of the end. */
    private static @Nullable Usage usage(LiveChat chat, boolean whole) {
        var usage = chat.meter().usage();
        if (usage == null || whole) {
            return usage;
        }
        chat.out().add(new UsageUpdated(usage, null, null));
        return null;
    }

    /* Of several choices, the first that did not complete speaks for all. */
    private static void complete(LiveChat chat, @Nullable Usage usage) {
        var choices = List.copyOf(chat.choices());
        var spokesman =
                choices.stream()
                        .filter(choice -> choice.outcome() != Outcome.COMPLETE)
                        .findFirst()
                        .orElse(choices.getFirst());
        chat.out()
                .add(
                        new Completed(
                                spokesman.outcome(),
                                spokesman.reason().wire(),
                                spokesman.finishWord(),
                                choices.size() == 1 ? null : reasons(choices),
                                usage,
                                chat.model(),
                                chat.responseId()));
    }

    private static List<JsonNode> reasons(List<Choice> choices) {
        return choices.stream()
                .<JsonNode>map(choice ->
                        ProviderJson.newObject()
                                .put("choiceIndex", choice.index())
                                .put("finishReason", choice.reason().wire()))
                .toList();
    }
}
