package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.Stage;

import org.jspecify.annotations.Nullable;

/**
 * What the provider's filters say of a candidate: reported when something is blocked, and again
 * when what is blocked changes. Confined to one thread.
 */
final class Safety {
    private final LiveGeneration live;
    private final int choice;
    private @Nullable ArrayNode reported;

    Safety(LiveGeneration live, int choice) {
        this.live = live;
        this.choice = choice;
    }

    void read(JsonNode ratings) {
        var categories = blockedCategories(ratings);
        if (categories.isEmpty() || categories.equals(reported)) {
            return;
        }
        reported = categories;
        var raw = ProviderJson.newObject();
        raw.set("safetyRatings", ratings);
        live.out()
                .add(
                        Placement.NONE.withChoice(choice),
                        new SafetyUpdated(Stage.OUTPUT, true, categories, raw));
    }

    /** The categories of the ratings that something was blocked by. */
    static ArrayNode blockedCategories(JsonNode ratings) {
        var categories = ProviderJson.newObject().arrayNode();
        for (var rating : ratings) {
            var category = Words.of(rating, "category");
            if (rating.path("blocked").asBoolean() && category != null) {
                categories.add(category);
            }
        }
        return categories;
    }
}
