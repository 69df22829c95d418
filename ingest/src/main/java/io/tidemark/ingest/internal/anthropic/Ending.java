package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.Stage;
import io.tidemark.schemas.ReportBody.UsageUpdated;

import org.jspecify.annotations.Nullable;

/** The ways in which a message ends. */
final class Ending {
    private Ending() {}

    /** Ends it as the provider said it stopped. */
    static void end(LiveMessage message) {
        if (!message.begun()) {
            throw new ProtocolViolation("The provider's stream ended without a message.");
        }
        var reason = StopReason.named(message.stopReason());
        message.reader().closeAll(reason.cuts() ? ItemStatus.INCOMPLETE : ItemStatus.COMPLETED);
        var details = message.stopDetails();
        if (reason == StopReason.REFUSAL && details != null) {
            message.out().add(new SafetyUpdated(Stage.OUTPUT, true, categories(details), details));
        }
        message.out()
                .add(
                        new Completed(
                                reason.outcome(),
                                reason.finishReason().wire(),
                                message.stopReason(),
                                null,
                                message.usage().soFar(),
                                message.model(),
                                message.id()));
    }

    /** Ends it as failed; the usage is what the provider had said of it before. */
    static void fail(LiveMessage message, ProviderError error) {
        boolean partial = message.out().contentSent();
        message.reader().closeAll(ItemStatus.INCOMPLETE);
        var usage = message.usage().soFar();
        if (usage != null) {
            message.out().add(new UsageUpdated(usage, null, null));
        }
        message.out().add(ProviderFault.inStream(error).failed(partial, null));
    }

    private static @Nullable ArrayNode categories(ObjectNode details) {
        var category = ProviderJson.word(details, "category");
        return category == null ? null : details.arrayNode().add(category);
    }
}
