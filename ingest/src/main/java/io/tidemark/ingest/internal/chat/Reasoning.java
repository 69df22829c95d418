package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The reasoning of a choice, in all spellings. A block is an item of its own: what signs or
 * encrypts it belongs to it alone, so the next word after that begins another. Confined to one
 * thread.
 */
final class Reasoning {
    /**
     * Fields that hold it as plain text; of several in one delta, which say the same, the first.
     */
    static final List<String> TEXTS = List.of("reasoning_content", "reasoning", "reasoning_text");

    private final Choice choice;
    private @Nullable Block block;
    private int blocks;
    private boolean plain;

    Reasoning(Choice choice) {
        this.choice = choice;
    }

    /** Says what a delta has in plain text. */
    void plain(String text, Wording wording) {
        plain = true;
        say(LaneKind.REASONING, text, wording);
    }

    /**
     * Reads a list of details, whose text stands beside it in plain text as well, or nowhere else.
     *
     * @return whether all of it was understood
     */
    boolean details(JsonNode details, Wording wording) {
        boolean understood = details.isArray();
        for (var detail : details) {
            understood &= detail(detail, wording);
        }
        return understood;
    }

    private boolean detail(JsonNode detail, Wording wording) {
        switch (detail.path("type").asText()) {
            case "reasoning.text" -> {
                unlessPlain(LaneKind.REASONING, detail.path("text"), wording);
                sign(detail.path("signature"));
            }
            case "thinking" -> {
                unlessPlain(LaneKind.REASONING, detail.path("thinking"), wording);
                sign(detail.path("signature"));
            }
            case "reasoning.summary" -> {
                unlessPlain(LaneKind.SUMMARY, detail.path("summary"), wording);
                sign(detail.path("signature"));
            }
            case "reasoning.encrypted", "redacted_thinking" -> encrypt(detail.path("data"));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void unlessPlain(LaneKind kind, JsonNode text, Wording wording) {
        if (!plain && text.isTextual()) {
            say(kind, text.textValue(), wording);
        }
    }

    /** Says a piece of it, or of a summary of it. */
    void say(LaneKind kind, String text, Wording wording) {
        if (text.isEmpty() || (wording == Wording.WHOLE && blocks > 1)) {
            return; // where one of several blocks ends in the whole cannot be told
        }
        var open = wording == Wording.PIECE && block != null && block.sealed() ? begin() : open();
        wording.write(choice.chat().writer(), open.item, open.item.lanes().lane(kind, 0), text);
        choice.touch(open);
    }

    /** Takes over what the provider signed a block with. */
    void sign(JsonNode signature) {
        if (signature.isTextual() && !signature.textValue().isEmpty()) {
            var with = signature.textValue();
            boolean other =
                    block != null && block.signature != null && !with.equals(block.signature);
            var signed = other ? begin() : open();
            signed.signature = choice.chat().kept(signed.signature, with);
        }
    }

    /** Takes over what only the provider can read. */
    void encrypt(JsonNode content) {
        if (content.isTextual() && !content.textValue().isEmpty()) {
            var data = content.textValue();
            boolean other =
                    block != null && block.encrypted != null && !data.equals(block.encrypted);
            var encrypted = other ? begin() : open();
            encrypted.encrypted = choice.chat().kept(encrypted.encrypted, data);
        }
    }

    private Block open() {
        return block == null ? begin() : block;
    }

    private Block begin() {
        var item =
                choice.start(
                        null, new Item(Item.REASONING, null, null, null, null, null, null, null));
        block = new Block(item);
        blocks++;
        choice.add(block);
        return block;
    }

    /** One item of reasoning. */
    private final class Block implements Part {
        private final DescribedItem item;
        private @Nullable String signature;
        private @Nullable String encrypted;

        Block(DescribedItem item) {
            this.item = item;
        }

        boolean sealed() {
            return signature != null || encrypted != null;
        }

        @Override
        public void close(ItemStatus status) {
            choice.chat().writer().complete(item, status, signature, encrypted);
        }
    }
}
