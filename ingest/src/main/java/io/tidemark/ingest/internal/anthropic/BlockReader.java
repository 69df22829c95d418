package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolResult;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Begins and ends content blocks. A call whose input is no whole JSON object when its block ends
 * may have been cut off by a limit, which the provider says only afterwards; such a block stays
 * open until another one begins or the message ends.
 */
final class BlockReader {
    private static final String NO_INPUT = "{}";
    private static final String ERROR_SUFFIX = "_error";

    private final Outbox out;
    private final OutputWriter writer;
    private final Blocks blocks;
    private final Unmapped unmapped;
    private final Set<Block> doubtful = new LinkedHashSet<>();

    BlockReader(Outbox out, OutputWriter writer, Blocks blocks, Unmapped unmapped) {
        this.out = out;
        this.writer = writer;
        this.blocks = blocks;
        this.unmapped = unmapped;
    }

    /**
     * Begins a block, with what the provider states of it at once.
     *
     * @param frame the event that states it
     */
    Block begin(@Nullable Integer index, JsonNode stated, MessageFrame frame) {
        var type = BlockType.named(stated.path("type").asText());
        var block = blocks.open(index, type, description(type, stated));
        writer.start(block);
        block.learnSignature(ProviderJson.word(stated, "signature"));
        switch (type) {
            case TEXT -> text(block, stated, frame);
            case THINKING -> write(block, LaneKind.REASONING, stated, "thinking");
            case REDACTED_THINKING ->
                    block.learnEncryptedContent(ProviderJson.word(stated, "data"));
            case COMPACTION ->
                    block.learnEncryptedContent(ProviderJson.word(stated, "encrypted_content"));
            case TOOL_USE, SERVER_TOOL_USE, MCP_TOOL_USE -> call(block, stated, frame);
            default -> {
                if (type.result()) {
                    result(block, stated);
                }
            }
        }
        if (!type.mapped()) {
            frame.passOn(unmapped, block.placement());
        }
        return block;
    }

    /** A block of that type of which the provider never said that it begins. */
    Block assume(@Nullable Integer index, BlockType type, MessageFrame frame) {
        return begin(index, ProviderJson.newObject().put("type", type.wire()), frame);
    }

    /** The provider ended the block. */
    void end(Block block) {
        if (block.type().executor() == null || inputIsWhole(block)) {
            finish(block, ItemStatus.COMPLETED);
        } else if (!block.completed()) {
            doubtful.add(block);
        }
    }

    /** How those ended that may have been cut off. */
    void settle(ItemStatus status) {
        doubtful.forEach(block -> finish(block, status));
        doubtful.clear();
    }

    /** Ends what the provider did not. */
    void closeAll(ItemStatus status) {
        settle(status);
        blocks.all()
                .forEach(block -> finish(block, cutOff(block) ? ItemStatus.INCOMPLETE : status));
    }

    /** Ends a block, with its call if it makes one. */
    void finish(Block block, ItemStatus status) {
        boolean calls = block.type().executor() != null && !block.completed();
        boolean called = calls && status == ItemStatus.COMPLETED && send(block);
        writer.complete(
                block,
                calls && !called ? ItemStatus.INCOMPLETE : status,
                block.signature(),
                block.encryptedContent());
        block.forget();
    }

    private Item description(BlockType type, JsonNode stated) {
        var providerType = ProviderJson.word(stated, "type");
        if (type.result()) {
            var callId = ProviderJson.word(stated, "tool_use_id");
            var tool = blocks.calling(callId).map(Block::name).orElseGet(type::tool);
            return new Item(type.kind(), providerType, null, null, tool, callId, null, null);
        }
        return new Item(
                type.kind(),
                providerType,
                type == BlockType.TEXT ? "assistant" : null,
                null,
                ProviderJson.word(stated, "name"),
                ProviderJson.word(stated, "id"),
                ProviderJson.word(stated, "server_name"),
                null);
    }

    private void text(Block block, JsonNode stated, MessageFrame frame) {
        write(block, LaneKind.TEXT, stated, "text");
        for (var source : stated.path("citations")) {
            if (!Citations.send(writer, block, source)) {
                frame.passOn(unmapped, block.placement());
            }
        }
    }

    /** Writes a piece of the block's lane; nothing happens if there is none. */
    void write(Block block, LaneKind kind, JsonNode holder, String field) {
        var piece = ProviderJson.word(holder, field);
        if (piece != null) {
            var lane = kind.inputKind() == null ? block.lane(kind) : block.input();
            writer.delta(block, lane, piece, null);
        }
    }

    /* Who called matters to whoever answers, if it was not the model, and no event of ours says. */
    private void call(Block block, JsonNode stated, MessageFrame frame) {
        block.learnCall(stated);
        if (block.type() != BlockType.TOOL_USE) {
            writer.toolStatus(block, tool(block), "in_progress");
        }
        var caller = ProviderJson.word(stated.path("caller"), "type");
        if (caller != null && !caller.equals("direct")) {
            frame.passOn(unmapped, block.placement());
        }
    }

    private void result(Block block, JsonNode stated) {
        var content = stated.path("content");
        boolean failed =
                stated.path("is_error").asBoolean()
                        || content.path("type").asText().endsWith(ERROR_SUFFIX);
        boolean none = content.isMissingNode() || content.isNull();
        out.add(
                block.placement(),
                new ToolResult(
                        tool(block),
                        block.callId(),
                        none ? null : content,
                        null,
                        false,
                        failed ? true : null));
        writer.toolStatus(block, tool(block), failed ? "failed" : "completed");
    }

    private static String tool(Block block) {
        var name = block.name();
        return name == null ? block.type().wire() : name;
    }

    /* A call of a tool without a name is none. */
    private boolean send(Block block) {
        var name = block.name();
        var executor = block.type().executor();
        if (name == null || executor == null) {
            return false;
        }
        writer.call(
                block,
                new ToolCall(
                        block.callId(),
                        name,
                        block.namespace(),
                        block.description().serverLabel(),
                        InputKind.JSON,
                        input(block),
                        executor,
                        null,
                        null));
        return true;
    }

    private String input(Block block) {
        if (!block.input().started()) {
            writer.restate(block, block.input(), block.statedInput());
        }
        var input = block.input().input();
        return input == null || input.isBlank() ? NO_INPUT : input;
    }

    private static boolean inputIsWhole(Block block) {
        var streamed = block.input().input();
        var input = streamed == null || streamed.isEmpty() ? block.statedInput() : streamed;
        return input != null && ProviderJson.object(input).isPresent();
    }

    /* No input at all is input to a tool that takes none. */
    private static boolean cutOff(Block block) {
        boolean open = block.type().executor() != null && !block.completed();
        return open && block.input().started() && !inputIsWhole(block);
    }
}
