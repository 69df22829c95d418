package io.tidemark.ingest.internal.output;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Collects the drafts that one call gives and puts the provider's cursor on each. Takes nothing
 * after a terminal.
 */
public final class Outbox {
    private List<Draft> drafts = new ArrayList<>();
    private @Nullable Long cursor;
    private boolean contentSent;
    private boolean ended;

    /** Events that are added from here on cover this number of the provider's. */
    public void advanceTo(@Nullable Long providerSequence) {
        if (providerSequence != null && (cursor == null || providerSequence > cursor)) {
            cursor = providerSequence;
        }
    }

    public void add(Placement placement, EventBody body) {
        if (ended) {
            return;
        }
        var draft = new Draft(placement.withProviderSequence(cursor), body);
        drafts.add(draft);
        ended = draft.terminal();
        contentSent |= draft.content();
    }

    public void add(EventBody body) {
        add(Placement.NONE, body);
    }

    /** What was added since the last call, in order. */
    public List<Draft> take() {
        var taken = drafts;
        drafts = new ArrayList<>();
        return taken;
    }

    public boolean ended() {
        return ended;
    }

    public boolean contentSent() {
        return contentSent;
    }

    public OptionalLong cursor() {
        return cursor == null ? OptionalLong.empty() : OptionalLong.of(cursor);
    }
}
