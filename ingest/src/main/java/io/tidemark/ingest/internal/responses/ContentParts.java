package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.output.LaneKind;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/** The parts that messages and reasoning are made of. */
final class ContentParts {
    private static final Map<String, LaneKind> KINDS =
            Map.of(
                    "output_text", LaneKind.TEXT,
                    "text", LaneKind.TEXT,
                    "refusal", LaneKind.REFUSAL,
                    "reasoning_text", LaneKind.REASONING,
                    "summary_text", LaneKind.SUMMARY);

    private ContentParts() {}

    /** The types that have a meaning here. */
    static Set<String> types() {
        return KINDS.keySet();
    }

    /** The kind of lane that the part's text goes to; absent for a part of no known type. */
    static @Nullable LaneKind kind(JsonNode part) {
        return KINDS.get(part.path("type").asText());
    }

    /** The part's text; absent where it has none. */
    static @Nullable String text(JsonNode part) {
        var refusal = part.path("refusal").textValue();
        return refusal == null ? part.path("text").textValue() : refusal;
    }

    /** The type of item that has such lanes. */
    static ItemType holder(LaneKind kind) {
        return switch (kind) {
            case REASONING, SUMMARY -> ItemType.REASONING;
            default -> ItemType.MESSAGE;
        };
    }
}
