package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ItemBody.ItemStatus;

import java.util.Objects;

/** Events about content blocks: where they begin, go on and end. */
final class BlockFrames {
    private BlockFrames() {}

    /* A limit cuts off what comes last, so whatever ended before was whole. */
    static void start(LiveMessage message, MessageFrame frame) {
        var stated = frame.node("content_block");
        boolean known =
                frame.index() != null
                        && message.blocks()
                                .find(frame.index())
                                .filter(block -> announcedAgain(block, stated))
                                .isPresent();
        if (!known) {
            message.reader().settle(ItemStatus.COMPLETED);
            var block = message.reader().begin(frame.index(), stated, frame);
            if (block.type() == BlockType.FALLBACK) {
                message.serveBy(ProviderJson.word(stated.path("to"), "model"));
            }
        }
    }

    static void delta(LiveMessage message, MessageFrame frame) {
        DeltaTable.handle(message, frame);
    }

    static void stop(LiveMessage message, MessageFrame frame) {
        message.blocks().find(frame.index()).ifPresent(message.reader()::end);
    }

    private static boolean announcedAgain(Block block, JsonNode stated) {
        var callId = ProviderJson.word(stated, block.type().result() ? "tool_use_id" : "id");
        return !block.completed()
                && Objects.equals(
                        block.description().providerItemType(), ProviderJson.word(stated, "type"))
                && Objects.equals(block.callId(), callId);
    }
}
