package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.ingest.internal.output.SentCitations;
import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/**
 * One of the answers: its parts become items. Parts of one kind in a row are one item, which is
 * open until a part of another kind comes; a signature belongs to what stands before it, so what
 * comes after it is another item. Confined to one thread.
 *
 * <pre>
 *   going on --finish reason--&gt; finished
 *      ^-----------a part------------'
 * </pre>
 */
final class Candidate {
    private final LiveGeneration live;
    private final int index;
    private final FunctionCalls calls;
    private final PartReader parts;
    private final Sources sources = new Sources(this);
    private final Safety safety;
    private final SentCitations cited = new SentCitations();

    private @Nullable DescribedItem open;
    private @Nullable String signature;
    private @Nullable String finishReason;
    private boolean wentOn;

    Candidate(LiveGeneration live, int index) {
        this.live = live;
        this.index = index;
        this.calls = new FunctionCalls(live, this);
        this.parts = new PartReader(live, this);
        this.safety = new Safety(live, index);
    }

    int index() {
        return index;
    }

    FunctionCalls calls() {
        return calls;
    }

    /** Why it stopped, in the provider's word; absent while it goes on. */
    @Nullable String finishReason() {
        return finishReason;
    }

    /** Whether its finish reason may not be the last word. */
    boolean mayGoOn() {
        return wentOn || calls.awaitsServer();
    }

    /** What a chunk says of it. */
    void read(JsonNode candidate) {
        var content = candidate.path("content").path("parts");
        var logprobs = candidate.path("logprobsResult").path("chosenCandidates");
        parts.begin(logprobs instanceof ArrayNode chosen && !chosen.isEmpty() ? chosen : null);
        content.forEach(parts::read);
        sources.read(candidate);
        safety.read(candidate.path("safetyRatings"));
        var reason = Words.stated(candidate, "finishReason");
        if (reason != null) {
            finishReason = reason;
        }
    }

    /** It says more: if it had finished, it goes on. */
    void goOn() {
        wentOn |= finishReason != null;
        finishReason = null;
    }

    /** The item that is open if it is of that kind and unsigned; otherwise a new one. */
    DescribedItem continued(String kind, String partKind) {
        boolean goesOn = open != null && open.kind().equals(kind) && signature == null;
        return goesOn && open != null ? open : begun(kind, partKind);
    }

    /** A new item, which is open until another one begins. */
    DescribedItem begun(String kind, String partKind) {
        closeOpen(ItemStatus.COMPLETED);
        var role = kind.equals(Item.MESSAGE) ? "assistant" : null;
        var item = live.items().start(index, null, item(kind, partKind, role, null, null));
        open = item;
        return item;
    }

    /**
     * A name for the call that begins next, for calls that the provider gives none: nothing else is
     * called by its place.
     */
    String nextCallId() {
        int place = live.items().nextIndex(index);
        return index == 0 ? "call_" + place : "call_" + index + "_" + place;
    }

    /** A new item that is written by itself; what is open ends before it. */
    DescribedItem started(
            String kind, String partKind, @Nullable String name, @Nullable String id) {
        closeOpen(ItemStatus.COMPLETED);
        return live.items().start(index, null, item(kind, partKind, null, name, id));
    }

    private static Item item(
            String kind,
            String partKind,
            @Nullable String role,
            @Nullable String name,
            @Nullable String callId) {
        return new Item(kind, partKind, role, null, name, callId, null, null);
    }

    /** Ends an item that was written by itself. */
    void completed(OutputItem item, @Nullable String itemSignature) {
        live.writer().complete(item, ItemStatus.COMPLETED, itemSignature, null);
    }

    /** The provider's signature of what was said so far. */
    void sign(String word) {
        if (open == null || signature != null) {
            var kind = open == null ? Item.MESSAGE : open.kind();
            continued(kind, "text");
        }
        signature = live.signatures().newer(null, word);
    }

    /**
     * A source of what was said, which may be stated again and again.
     *
     * @param identity what identifies it: the same JSON is the same source
     */
    void cite(JsonNode identity, Citation citation) {
        if (isNew(identity)) {
            boolean message = open != null && open.kind().equals(Item.MESSAGE);
            var item = message && open != null ? open : continued(Item.MESSAGE, "text");
            var place = item.citations().once(0, identity);
            if (place != null) {
                live.writer().cite(item, 0, place, citation);
            }
        }
    }

    /** Whether this was not stated before. */
    boolean isNew(JsonNode identity) {
        return cited.once(0, identity) != null;
    }

    /** Passes on the chunk, of which something has no meaning here. */
    void variant(String type) {
        live.variant(placement(), type);
    }

    private Placement placement() {
        return open == null ? Placement.NONE.withChoice(index) : open.placement();
    }

    /** Closes whatever is open. */
    void close(ItemStatus status) {
        closeOpen(status);
        calls.close(status);
    }

    private void closeOpen(ItemStatus status) {
        if (open != null) {
            live.writer().complete(open, status, signature, null);
        }
        live.signatures().free(signature);
        open = null;
        signature = null;
    }
}
