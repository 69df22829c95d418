package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** One of the answers of a response while it is being read. Confined to one thread. */
final class Choice {
    private final int index;
    private final LiveChat chat;
    private final Reasoning reasoning = new Reasoning(this);
    private final Calls calls = new Calls(this);
    private final Images images = new Images(this);
    private final FilterReport filter;
    private final List<Part> parts = new ArrayList<>();

    private @Nullable Message message;
    private @Nullable Part latest;
    private @Nullable String finishWord;
    private boolean finished;
    private boolean said;
    private boolean inPieces;

    Choice(int index, LiveChat chat) {
        this.index = index;
        this.chat = chat;
        this.filter = new FilterReport(chat.out(), placement());
    }

    LiveChat chat() {
        return chat;
    }

    int index() {
        return index;
    }

    Reasoning reasoning() {
        return reasoning;
    }

    Calls calls() {
        return calls;
    }

    Images images() {
        return images;
    }

    /** Where events about the choice as a whole belong. */
    Placement placement() {
        return Placement.NONE.withChoice(index);
    }

    /** Reads what a chunk says of this choice. */
    void read(JsonNode stated, ChatFrame frame) {
        said = false;
        readAnswer(stated, frame);
        filter.output(stated.path("content_filter_results"));
        var word = finishWord(stated);
        if (word != null) {
            finishWord = word;
            finished = true;
        } else if (said) {
            finished = false; // it went on after its end: wait for another
        }
    }

    /* A message beside a delta that says something repeats what all deltas have said. */
    private void readAnswer(JsonNode stated, ChatFrame frame) {
        var delta = stated.path("delta");
        var message = stated.path("message");
        var logprobs = logprobs(stated);
        if (DeltaReader.says(delta)) {
            inPieces = true;
            new DeltaReader(this, frame, Wording.PIECE, logprobs).read(delta);
        } else if (message.isObject()) {
            var wording = frame.whole() || inPieces ? Wording.WHOLE : Wording.EITHER;
            new DeltaReader(this, frame, wording, logprobs).read(message);
        } else if (delta.path("content").isTextual()) {
            text("", logprobs, Wording.PIECE);
        } else if (!delta.isObject() && stated.path("text").isTextual()) {
            text(stated.path("text").textValue(), logprobs, Wording.PIECE);
        }
    }

    private static @Nullable ArrayNode logprobs(JsonNode stated) {
        return stated.path("logprobs").path("content") instanceof ArrayNode tokens
                        && !tokens.isEmpty()
                ? tokens
                : null;
    }

    private static @Nullable String finishWord(JsonNode stated) {
        var word = ProviderJson.word(stated, "finish_reason");
        var old = ProviderJson.word(stated.path("finish_details"), "type");
        return word == null || word.equals("null") ? old : word;
    }

    /** Says text of the message. */
    void text(String text, @Nullable ArrayNode logprobs, Wording wording) {
        if (!text.isEmpty() || logprobs != null) {
            message(null).text(text, logprobs, wording);
        }
    }

    /**
     * The message, which is started if it was not.
     *
     * @param id the provider's label of it, if this is what it says first
     */
    Message message(@Nullable String id) {
        if (message == null) {
            var item =
                    start(
                            id,
                            new Item(
                                    Item.MESSAGE, null, "assistant", null, null, null, null, null));
            message = new Message(this, item);
            parts.add(message);
        }
        return message;
    }

    /** Starts an item of this choice. */
    DescribedItem start(@Nullable String id, Item description) {
        return chat.items().start(index, id, description);
    }

    /** A new part, which will be closed with the choice. */
    void add(Part part) {
        parts.add(part);
    }

    /** Something was said of this part. */
    void touch(Part part) {
        latest = part;
        said = true;
    }

    /** Whether the provider said why it ended, and nothing came since. */
    boolean finished() {
        return finished;
    }

    /** Why it ended, in the provider's word; absent where it did not say. */
    @Nullable String finishWord() {
        return finishWord;
    }

    /** Whether nothing was said. */
    boolean empty() {
        return parts.isEmpty();
    }

    /** How it ended; known once it is finished. */
    Outcome outcome() {
        if (finishWord == null) {
            return Outcome.COMPLETE; // the provider said that it is done, if not why
        }
        var reason = FinishWord.reason(finishWord);
        return reason == FinishReason.REFUSAL ? Outcome.INCOMPLETE : reason.outcome();
    }

    /** Why it ended; known once it is closed. */
    FinishReason reason() {
        if (finishWord == null) {
            return FinishReason.OTHER;
        }
        var reason = FinishWord.reason(finishWord);
        if (reason != FinishReason.STOP) {
            return reason;
        }
        if (calls.called()) {
            return FinishReason.TOOL_CALLS;
        }
        return message != null && message.refused() ? FinishReason.REFUSAL : reason;
    }

    /**
     * Closes everything, now that it has ended. A model says one thing after the other, so what a
     * limit or a filter cut off is what came last; all before it is whole.
     */
    void finish() {
        boolean cut = outcome() != Outcome.COMPLETE && reason() != FinishReason.PAUSE;
        for (var part : parts) {
            boolean whole = !cut || !part.equals(latest);
            if (part instanceof Call call && whole) {
                call.send();
            }
            part.close(whole ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE);
        }
        filter.close();
    }

    /** Closes everything as it is. */
    void close(ItemStatus status) {
        parts.forEach(part -> part.close(status));
        filter.close();
    }
}
