package io.tidemark.ingest.internal.output;

import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/**
 * One output item while it is written: where it stands, its lanes, and what was sent of it. What it
 * is, as far as the provider has said, is the subclass's to know. Confined to one thread.
 */
public abstract class OutputItem {
    private final int choice;
    private final int outputIndex;
    private final Lanes lanes;
    private final SentCitations citations = new SentCitations();
    private @Nullable String toolStatus;
    private boolean callSent;
    private boolean completed;

    /**
     * @param choice which of several answers it belongs to; 0 where there is one
     * @param outputIndex its place among the items of that answer, from 0
     */
    protected OutputItem(int choice, int outputIndex, Allowance allowance) {
        allowance.takeItem();
        this.choice = choice;
        this.outputIndex = outputIndex;
        this.lanes = new Lanes(allowance);
    }

    /** What it is, as far as is known. */
    public abstract Item description();

    /** The provider's label of it. */
    public abstract @Nullable String id();

    /** Name of the agent it came from, where a provider runs several. */
    public @Nullable String agent() {
        return null;
    }

    /** Our name of the kind of item. */
    public String kind() {
        return description().kind();
    }

    /** Id of the call that the item is. */
    public @Nullable String callId() {
        return description().callId();
    }

    public final int choice() {
        return choice;
    }

    public final int outputIndex() {
        return outputIndex;
    }

    public final Lanes lanes() {
        return lanes;
    }

    /** Which of its sources were sent. */
    public final SentCitations citations() {
        return citations;
    }

    /** Whether its call was sent. */
    public final boolean callSent() {
        return callSent;
    }

    final void markCallSent() {
        callSent = true;
    }

    /** Whether it was closed. */
    public final boolean completed() {
        return completed;
    }

    final void markCompleted() {
        completed = true;
    }

    /* Whether the status of its tool is another one than before. */
    final boolean enters(String status) {
        boolean entered = !status.equals(toolStatus);
        toolStatus = status;
        return entered;
    }

    /** Where events about the item as a whole belong. */
    public final Placement placement() {
        return Placement.item(outputIndex, id()).withAgent(agent()).withChoice(choice);
    }

    /** Where events about one of its parts belong; about the whole item if there is no index. */
    public final Placement placement(@Nullable Integer contentIndex) {
        return contentIndex == null
                ? placement()
                : Placement.content(outputIndex, contentIndex, id())
                        .withAgent(agent())
                        .withChoice(choice);
    }
}
