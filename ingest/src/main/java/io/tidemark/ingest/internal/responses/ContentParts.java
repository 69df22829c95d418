package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.output.LaneKind;

import org.jspecify.annotations.Nullable;

/** The parts that messages and reasoning are made of. */
final class ContentParts {
    private ContentParts() {}

    /** The kind of lane that the part's text goes to; absent for a part of no known type. */
    static @Nullable LaneKind kind(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "output_text", "text" -> LaneKind.TEXT;
            case "refusal" -> LaneKind.REFUSAL;
            case "reasoning_text" -> LaneKind.REASONING;
            case "summary_text" -> LaneKind.SUMMARY;
            default -> null;
        };
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
