package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** Reads the parts of one candidate, each of which is of one kind. Confined to one thread. */
final class PartReader {
    private static final List<String> KINDS =
            List.of(
                    "text",
                    "functionCall",
                    "inlineData",
                    "fileData",
                    "executableCode",
                    "codeExecutionResult",
                    "toolCall",
                    "toolResponse",
                    "functionResponse");

    /* What is said about a part; by itself it is no part. */
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "thought",
                    "thoughtSignature",
                    "audioTranscription",
                    "videoMetadata",
                    "mediaResolution",
                    "mediaProcessing",
                    "speechMetadata",
                    "partMetadata");

    private final LiveGeneration live;
    private final Candidate candidate;
    private final MediaParts media;
    private final ToolParts tools;
    private @Nullable ArrayNode logprobs;

    PartReader(LiveGeneration live, Candidate candidate) {
        this.live = live;
        this.candidate = candidate;
        this.media = new MediaParts(live, candidate);
        this.tools = new ToolParts(live, candidate);
    }

    /**
     * Parts of another chunk follow.
     *
     * @param chosen log probabilities of the text in it; they go with its first piece
     */
    void begin(@Nullable ArrayNode chosen) {
        logprobs = chosen;
    }

    void read(JsonNode part) {
        var kind = KINDS.stream().filter(part::hasNonNull).findFirst().orElse(null);
        var signature = ProviderJson.word(part, "thoughtSignature");
        switch (kind) {
            case "text" -> text(part);
            case "inlineData" -> media.inline(part.path(kind), part.path("thought").asBoolean());
            case "fileData" -> media.file(part.path(kind));
            case "functionCall" -> {
                candidate.goOn();
                candidate.calls().read(part.path(kind), signature);
            }
            case null -> unknown(part);
            default -> {
                candidate.goOn();
                tools.read(kind, part.path(kind), signature);
            }
        }
        media.transcript(part.path("audioTranscription"));
        if (signature != null && !ToolParts.signs(kind)) {
            candidate.sign(signature);
        }
    }

    private void text(JsonNode part) {
        var text = ProviderJson.word(part, "text");
        if (text == null) {
            return;
        }
        candidate.goOn();
        boolean thought = part.path("thought").asBoolean();
        var item =
                thought
                        ? candidate.continued(Item.REASONING, "thought")
                        : candidate.continued(Item.MESSAGE, "text");
        var lane = item.lanes().lane(thought ? LaneKind.SUMMARY : LaneKind.TEXT, 0);
        live.writer().delta(item, lane, text, thought ? null : takeLogprobs());
    }

    private @Nullable ArrayNode takeLogprobs() {
        var taken = logprobs;
        logprobs = null;
        return taken;
    }

    private void unknown(JsonNode part) {
        part.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(field -> field.getKey())
                .filter(field -> !ATTRIBUTES.contains(field))
                .findFirst()
                .ifPresent(candidate::variant);
    }
}
