package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.KeptText;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

/** What is known, and what was sent, of one content block. */
final class Block extends OutputItem {
    private static final int ONLY_PART = 0;

    private final BlockType type;
    private final Item description;
    private final KeptText kept;
    private @Nullable String namespace;
    private @Nullable String statedInput;
    private @Nullable String signature;
    private @Nullable String encryptedContent;

    Block(int outputIndex, BlockType type, Item description, Allowance allowance, KeptText kept) {
        super(0, outputIndex, allowance);
        this.type = type;
        this.description = description;
        this.kept = kept;
    }

    BlockType type() {
        return type;
    }

    @Override
    public Item description() {
        return description;
    }

    /** Blocks have no labels; calls have ids, which are not the block's. */
    @Override
    public @Nullable String id() {
        return null;
    }

    /** Name of the tool that it calls or is the answer of. */
    @Nullable String name() {
        return description.name();
    }

    /** Name of the set of tools that the tool belongs to. */
    @Nullable String namespace() {
        return namespace;
    }

    /** A lane of it; a block has one part. */
    LaneState lane(LaneKind kind) {
        return lanes().lane(kind, ONLY_PART);
    }

    /** The lane of its call's input. */
    LaneState input() {
        return lanes().input(LaneKind.JSON_INPUT);
    }

    /** The call's input as it was stated when the block began; pieces that follow replace it. */
    @Nullable String statedInput() {
        return statedInput;
    }

    @Nullable String signature() {
        return signature;
    }

    @Nullable String encryptedContent() {
        return encryptedContent;
    }

    /** Takes over what the provider states of a call. */
    void learnCall(JsonNode stated) {
        namespace = ProviderJson.word(stated, "toolset_name");
        var input = stated.path("input");
        boolean some = !input.isNull() && !(input.isContainerNode() && input.isEmpty());
        if (some && !input.isMissingNode()) {
            var text = input.isTextual() ? input.textValue() : ProviderJson.text(input);
            statedInput = kept.newer(statedInput, text);
        }
    }

    /** Takes over a signature; the last one counts. */
    void learnSignature(@Nullable String newer) {
        signature = kept.newer(signature, newer);
    }

    /** Takes over what the provider wants back unread. */
    void learnEncryptedContent(@Nullable String newer) {
        encryptedContent = kept.newer(encryptedContent, newer);
    }

    /** Lets go of what nobody will ask for again, now that the block was closed. */
    void forget() {
        kept.free(statedInput);
        kept.free(signature);
        kept.free(encryptedContent);
        statedInput = null;
        signature = null;
        encryptedContent = null;
    }
}
