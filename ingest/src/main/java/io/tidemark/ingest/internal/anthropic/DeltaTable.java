package io.tidemark.ingest.internal.anthropic;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;

import java.util.Map;
import java.util.Set;

/** Which handler reads which type of delta. Immutable. */
final class DeltaTable {
    private static final Map<String, DeltaType> TYPES =
            Map.ofEntries(
                    entry("text_delta", writing(BlockType.TEXT, LaneKind.TEXT, "text")),
                    entry(
                            "thinking_delta",
                            writing(BlockType.THINKING, LaneKind.REASONING, "thinking")),
                    entry(
                            "input_json_delta",
                            writing(BlockType.TOOL_USE, LaneKind.JSON_INPUT, "partial_json")),
                    entry("signature_delta", new DeltaType(BlockType.THINKING, DeltaTable::sign)),
                    entry("citations_delta", new DeltaType(BlockType.TEXT, DeltaTable::cite)),
                    entry(
                            "compaction_delta",
                            new DeltaType(BlockType.COMPACTION, DeltaTable::compact)));

    private static final DeltaType UNKNOWN =
            new DeltaType(
                    BlockType.OTHER,
                    (message, block, _, frame) ->
                            frame.passOn(message.unmapped(), block.placement()));

    private DeltaTable() {}

    /** What one type of delta does to a block. */
    @FunctionalInterface
    private interface DeltaHandler {
        void handle(LiveMessage message, Block block, JsonNode delta, MessageFrame frame);
    }

    /**
     * A type of delta.
     *
     * @param assumed the type of a block of which nothing was known before the delta came
     */
    private record DeltaType(BlockType assumed, DeltaHandler handler) {}

    /** Has the delta handled; one of a type that is not in the table is passed on verbatim. */
    static void handle(LiveMessage message, MessageFrame frame) {
        var delta = frame.node("delta");
        var type = TYPES.getOrDefault(delta.path("type").asText(), UNKNOWN);
        var block =
                message.blocks()
                        .find(frame.index())
                        .orElseGet(() ->
                                message.reader().assume(frame.index(), type.assumed(), frame));
        type.handler().handle(message, block, delta, frame);
    }

    /** All types in the table. */
    static Set<String> types() {
        return TYPES.keySet();
    }

    private static DeltaType writing(BlockType assumed, LaneKind kind, String field) {
        return new DeltaType(
                assumed,
                (message, block, delta, _) -> message.reader().write(block, kind, delta, field));
    }

    private static void sign(LiveMessage message, Block block, JsonNode delta, MessageFrame frame) {
        block.learnSignature(ProviderJson.word(delta, "signature"));
    }

    private static void cite(LiveMessage message, Block block, JsonNode delta, MessageFrame frame) {
        if (!Citations.send(message.writer(), block, delta.path("citation"))) {
            frame.passOn(message.unmapped(), block.placement());
        }
    }

    private static void compact(
            LiveMessage message, Block block, JsonNode delta, MessageFrame frame) {
        block.learnEncryptedContent(ProviderJson.word(delta, "encrypted_content"));
        frame.passOn(message.unmapped(), block.placement());
    }
}
