package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code content}: text, or a list of parts as Mistral and Databricks have it. Confined to
 * one thread.
 */
final class ContentReader {
    private final Choice choice;
    private final Wording wording;
    private final @Nullable ArrayNode logprobs;

    ContentReader(Choice choice, Wording wording, @Nullable ArrayNode logprobs) {
        this.choice = choice;
        this.wording = wording;
        this.logprobs = logprobs;
    }

    /** Reads it; false if not all of it was understood. */
    boolean read(JsonNode content) {
        if (content.isTextual()) {
            return text(content);
        }
        if (content.isObject()) {
            return part(content);
        }
        boolean understood = content.isArray();
        for (var part : content) {
            understood &= part(part);
        }
        return understood;
    }

    private boolean part(JsonNode part) {
        if (part.isTextual()) {
            return text(part);
        }
        return switch (part.path("type").asText("text")) {
            case "text", "output_text" -> text(part.path("text"));
            case "refusal" -> refusal(part.path("refusal"));
            case "thinking" -> thinking(part);
            case "reasoning" -> summary(part.path("summary"));
            case "image", "image_url", "output_image" -> choice.images().add(part, wording);
            case "tool_reference" -> choice.chat().sources().add(choice, part);
            default -> false;
        };
    }

    private boolean text(JsonNode text) {
        choice.text(text.asText(), logprobs, wording);
        return text.isTextual();
    }

    private boolean refusal(JsonNode text) {
        if (text.isTextual() && !text.textValue().isEmpty()) {
            choice.message(null).refusal(text.textValue(), wording);
        }
        return text.isTextual();
    }

    /* Mistral's, which may hold references as well as text. */
    private boolean thinking(JsonNode part) {
        boolean understood = thoughts(part.path("thinking"));
        choice.reasoning().sign(part.path("signature"));
        return understood;
    }

    private boolean thoughts(JsonNode thinking) {
        if (thinking.isTextual()) {
            choice.reasoning().say(LaneKind.REASONING, thinking.textValue(), wording);
            return true;
        }
        boolean understood = thinking.isArray();
        for (var piece : thinking) {
            var text = ProviderJson.string(piece, "text");
            choice.reasoning().say(LaneKind.REASONING, text == null ? "" : text, wording);
            understood &= text != null;
        }
        return understood;
    }

    /* Databricks', which holds a signature beside the text. */
    private boolean summary(JsonNode summary) {
        boolean understood = summary.isArray();
        for (var piece : summary) {
            var text = ProviderJson.string(piece, "text");
            choice.reasoning().say(LaneKind.SUMMARY, text == null ? "" : text, wording);
            choice.reasoning().sign(piece.path("signature"));
            understood &= text != null;
        }
        return understood;
    }
}
