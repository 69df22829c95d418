package io.tidemark.ingest.internal.anthropic;

import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.KeptText;
import io.tidemark.ingest.internal.output.NumberedItems;
import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The content blocks of one message, by the provider's number of each. Confined to one thread. */
final class Blocks {
    /** Most text kept of blocks until they end, in characters, all blocks of a message together. */
    static final int KEPT_CHARS_MAX = 4 * 1024 * 1024;

    private final Allowance allowance;
    private final KeptText kept =
            new KeptText(KEPT_CHARS_MAX, "signatures and input in blocks that it did not end");
    private final NumberedItems<Block> blocks = new NumberedItems<>();
    private final Map<String, Block> byCallId = new HashMap<>();

    Blocks(Allowance allowance) {
        this.allowance = allowance;
    }

    /** The block of that number; without one the latest that has not ended. */
    Optional<Block> find(@Nullable Integer index) {
        return index == null ? blocks.latestUnfinished(_ -> true) : blocks.at(index);
    }

    /** The block that makes the call of that id. */
    Optional<Block> calling(@Nullable String callId) {
        return Optional.ofNullable(callId).map(byCallId::get);
    }

    /** A new block at that place; at the next free one if it has none, or if that one is taken. */
    Block open(@Nullable Integer index, BlockType type, Item description) {
        var block =
                blocks.open(index, place -> new Block(place, type, description, allowance, kept));
        if (type.executor() != null && block.callId() != null) {
            byCallId.put(block.callId(), block);
        }
        return block;
    }

    /** All blocks, in order of their places. */
    Collection<Block> all() {
        return blocks.all();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }
}
