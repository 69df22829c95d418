package io.tidemark.ingest.internal.chat;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.jspecify.annotations.Nullable;

/** A call that a choice makes, while it is put together. Confined to one thread. */
final class Call implements Part {
    /** Longest name of a tool put together from pieces, and longest id, in characters. */
    static final int NAME_CHARS_MAX = 4096;

    private final Choice choice;
    private final LaneKind kind;
    private final @Nullable Integer index;
    private final DescribedItem item;
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String signature;
    private boolean emptyObject;

    Call(Choice choice, CallPiece first) {
        this.choice = choice;
        this.kind = first.custom() ? LaneKind.TEXT_INPUT : LaneKind.JSON_INPUT;
        this.index = first.index();
        this.id = first.id();
        this.name = first.name();
        this.item = choice.start(null, description(first.type()));
        choice.add(this);
    }

    @Nullable String id() {
        return id;
    }

    @Nullable String name() {
        return name;
    }

    /** Its place among the calls, as the provider counts; absent where it does not. */
    @Nullable Integer index() {
        return index;
    }

    boolean sent() {
        return item.callSent();
    }

    /** Whether any of its input came. */
    boolean begun() {
        return input().started();
    }

    /**
     * Whether its input, as far as it came, is a whole JSON object, so that no other can follow.
     */
    boolean complete() {
        var soFar = input().input();
        return soFar != null && ProviderJson.object(soFar).isPresent();
    }

    /** Takes over another piece of it. */
    void add(CallPiece piece, Wording wording) {
        learn(piece);
        var input = piece.input();
        if (input.isTextual()) {
            wording.write(choice.chat().writer(), item, input(), input.textValue());
        } else if (input.isObject() && input.isEmpty()) {
            emptyObject = true; // some announce a call so, and then send its input
        } else if (!ChatFrame.saysNothing(input)) {
            Wording.WHOLE.write(choice.chat().writer(), item, input(), ProviderJson.text(input));
        }
        choice.touch(this);
    }

    private void learn(CallPiece piece) {
        signature = choice.chat().kept(signature, piece.signature());
        boolean more = id == null && piece.id() != null;
        id = id == null ? piece.id() : id;
        var longer = begun() ? name : joined(name, piece.name());
        more |= longer != null && !longer.equals(name);
        name = longer == null ? piece.name() : longer;
        if (more) {
            item.describe(description(item.description().providerItemType()));
        }
    }

    /* A name comes once, with every piece, in pieces, or growing. */
    private static @Nullable String joined(@Nullable String name, @Nullable String piece) {
        if (name == null || piece == null) {
            return name == null ? piece : name;
        }
        if (piece.startsWith(name)) {
            return piece;
        }
        ProtocolViolation.requireRoom(
                "characters in the name of a tool", name.length() + piece.length(), NAME_CHARS_MAX);
        return name + piece;
    }

    private Item description(@Nullable String type) {
        return new Item(Item.TOOL_CALL, type, null, null, name, id, null, null);
    }

    /** Sends it, now that nothing of it is missing; one that has no name calls nobody. */
    void send() {
        var input = input().input();
        if (name == null || input == null) {
            return;
        }
        choice.chat()
                .writer()
                .call(
                        item,
                        new ToolCall(
                                id,
                                name,
                                null,
                                null,
                                requireNonNull(kind.inputKind(), "inputKind"),
                                input.isEmpty() && emptyObject ? "{}" : input,
                                Executor.CLIENT,
                                null,
                                signature));
    }

    @Override
    public void close(ItemStatus status) {
        choice.chat().writer().complete(item, status, null, null);
    }

    private LaneState input() {
        return item.lanes().input(kind);
    }
}
