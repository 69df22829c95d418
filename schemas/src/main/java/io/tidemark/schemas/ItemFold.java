package io.tidemark.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LaneFold.LaneKey;
import io.tidemark.schemas.ResponseFold.ItemKey;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.OutputStream;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolResult;
import io.tidemark.schemas.ToolBody.ToolStatus;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One output item while it is folded. Confined to the thread of its {@link ResponseFold}. */
final class ItemFold {
    private final ItemKey key;
    private final Map<LaneKey, LaneFold> lanes = new LinkedHashMap<>();
    private final TreeMap<Integer, StringBuilder> toolInput = new TreeMap<>();
    private final TreeMap<Integer, Response.Media> images = new TreeMap<>();
    private final List<Response.Result> results = new ArrayList<>();
    private final Map<Optional<OutputStream>, PartialResult> partialResults = new LinkedHashMap<>();

    private Item item = new Item(Item.OTHER, null, null, null, null, null, null, null);
    private @Nullable String itemId;
    private @Nullable ItemCompleted completed;
    private @Nullable ToolCall call;
    private @Nullable InputKind inputKind;
    private @Nullable String callId;
    private @Nullable String toolStatus;

    ItemFold(ItemKey key) {
        this.key = key;
    }

    void add(Placement placement, ItemBody body) {
        itemId = itemId == null ? placement.itemId() : itemId;
        switch (body) {
            case ItemStarted started -> item = started.item();
            case ItemCompleted end -> completed = end;
            case ContentCompleted end -> {
                if (end.lane() != Lane.TOOL) {
                    lane(placement, end.lane(), end.form(), end.segmentId()).complete(end);
                }
            }
        }
    }

    void add(Placement placement, DeltaBody body) {
        itemId = itemId == null ? placement.itemId() : itemId;
        switch (body) {
            case TextDelta delta -> lane(placement, Lane.TEXT, null, null).append(delta.text());
            case ReasoningDelta delta ->
                    lane(placement, Lane.REASONING, delta.form(), null).append(delta.text());
            case RefusalDelta delta ->
                    lane(placement, Lane.REFUSAL, null, null).append(delta.text());
            case TranscriptDelta delta ->
                    lane(placement, Lane.TRANSCRIPT, null, delta.segmentId()).append(delta);
            case AudioDelta delta -> lane(placement, Lane.AUDIO, null, null).append(delta);
            case ImageSnapshot image -> addImage(image);
            case CitationAdded added ->
                    lane(placement, Lane.TEXT, null, null).cite(added.citation());
        }
    }

    void add(Placement placement, ToolBody body) {
        itemId = itemId == null ? placement.itemId() : itemId;
        switch (body) {
            case ToolDelta delta -> {
                inputKind = delta.inputKind();
                callId = delta.callId() == null ? callId : delta.callId();
                if (call == null && delta.inputKind() != InputKind.JSON_PATH) {
                    toolInput
                            .computeIfAbsent(contentIndex(placement), _ -> new StringBuilder())
                            .append(delta.text());
                }
            }
            case ToolCall whole -> {
                call = whole;
                toolInput.clear();
            }
            case ToolStatus status -> toolStatus = status.status();
            case ToolResult result -> addResult(result);
        }
    }

    private void addImage(ImageSnapshot image) {
        int index = image.index() == null ? 0 : image.index();
        images.put(index, MediaHash.of(image));
    }

    private void addResult(ToolResult result) {
        if (!result.partial()) {
            forgetPartsOf(result);
            results.add(
                    new Response.Result(
                            result.tool(),
                            result.callId(),
                            result.output(),
                            result.stream(),
                            result.isError()));
        } else if (result.output() != null) {
            partialResults
                    .computeIfAbsent(
                            Optional.ofNullable(result.stream()), _ -> new PartialResult(result))
                    .append(textOf(result.output()));
        }
    }

    /* The end of one of a command's two streams says nothing of the other. */
    private void forgetPartsOf(ToolResult whole) {
        if (whole.stream() == null) {
            partialResults.clear();
        } else {
            partialResults.remove(Optional.of(whole.stream()));
        }
    }

    private static String textOf(JsonNode output) {
        return output.isValueNode() ? output.asText() : output.toString();
    }

    private LaneFold lane(
            Placement placement,
            Lane lane,
            ItemBody.@Nullable Form form,
            @Nullable String segmentId) {
        var laneKey =
                new LaneKey(
                        contentIndex(placement),
                        lane,
                        lane == Lane.REASONING ? form : null,
                        lane == Lane.TRANSCRIPT ? segmentId : null);
        return lanes.computeIfAbsent(laneKey, LaneFold::new);
    }

    private static int contentIndex(Placement placement) {
        return placement.contentIndex() == null ? 0 : placement.contentIndex();
    }

    Response.Item item() {
        return new Response.Item(
                key.outputIndex(),
                key.choice() == 0 ? null : key.choice(),
                itemId,
                completed == null || completed.kind() == null ? item.kind() : completed.kind(),
                item.providerItemType(),
                item.role(),
                item.phase(),
                completed == null ? null : completed.status().wire(),
                parts(),
                call(),
                toolStatus,
                allResults(),
                List.copyOf(images.values()),
                (completed != null && completed.encryptedContent() != null) ? true : null);
    }

    private List<Response.Part> parts() {
        /* Stable: lanes of the same index keep the order in which they appeared. */
        return lanes.values().stream()
                .sorted(Comparator.comparingInt(LaneFold::contentIndex))
                .map(LaneFold::part)
                .toList();
    }

    private Response.@Nullable Call call() {
        if (call != null) {
            return new Response.Call(
                    call.callId() == null ? item.callId() : call.callId(),
                    call.name(),
                    call.namespace(),
                    call.serverLabel(),
                    call.inputKind(),
                    call.input(),
                    call.executor(),
                    call.requiresApproval(),
                    true);
        }
        if (!item.kind().equals(Item.TOOL_CALL) && toolInput.isEmpty()) {
            return null;
        }
        return new Response.Call(
                callId == null ? item.callId() : callId,
                item.name(),
                null,
                item.serverLabel(),
                inputKind,
                String.join("\n", toolInput.values()),
                null,
                null,
                false);
    }

    private List<Response.Result> allResults() {
        var all = new ArrayList<>(results);
        partialResults.values().forEach(partial -> all.add(partial.result()));
        return all;
    }

    /** The output of a tool that has not yet said that it is whole. */
    private static final class PartialResult {
        private final ToolResult first;
        private final StringBuilder output = new StringBuilder();

        PartialResult(ToolResult first) {
            this.first = first;
        }

        void append(String piece) {
            output.append(piece);
        }

        Response.Result result() {
            return new Response.Result(
                    first.tool(),
                    first.callId(),
                    TextNode.valueOf(output.toString()),
                    first.stream(),
                    first.isError());
        }
    }
}
