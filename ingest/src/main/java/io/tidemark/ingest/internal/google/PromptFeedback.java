package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.Stage;

/** What the provider's filters say of the prompt. */
final class PromptFeedback {
    private static final String BLOCKED = "The provider blocked the prompt.";

    private PromptFeedback() {}

    /**
     * Reports what was found; ends the answer if the prompt was blocked.
     *
     * @return whether it was
     */
    static boolean read(LiveGeneration live, JsonNode feedback) {
        var reason = Words.stated(feedback, "blockReason");
        boolean blocked = reason != null;
        var categories = Safety.blockedCategories(feedback.path("safetyRatings"));
        boolean partial = live.out().contentSent();
        if (blocked || !categories.isEmpty()) {
            var raw = ProviderJson.newObject();
            raw.set("promptFeedback", feedback);
            var found = categories.isEmpty() ? null : categories;
            live.out().add(Placement.NONE, new SafetyUpdated(Stage.INPUT, true, found, raw));
        }
        if (blocked) {
            var said = ProviderJson.word(feedback, "blockReasonMessage");
            var error = new ProviderError(null, reason, said == null ? BLOCKED : said);
            var fault = new ProviderFault(ErrorCode.CONTENT_BLOCKED, error, null, null);
            Ending.fail(live, fault, partial);
        }
        return blocked;
    }
}
