package io.tidemark.ingest.internal.openai;

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
final class Outbox {
    private List<Draft> drafts = new ArrayList<>();
    private @Nullable Long cursor;
    private boolean contentSent;
    private boolean ended;

    /** Events that are added from here on cover this number of the provider's. */
    void advanceTo(@Nullable Long providerSequence) {
        if (providerSequence != null && (cursor == null || providerSequence > cursor)) {
            cursor = providerSequence;
        }
    }

    void add(Placement placement, EventBody body) {
        if (ended) {
            return;
        }
        var draft = new Draft(placement.withProviderSequence(cursor), body);
        drafts.add(draft);
        ended = draft.terminal();
        contentSent |= draft.content();
    }

    void add(EventBody body) {
        add(Placement.NONE, body);
    }

    /** What was added since the last call, in order. */
    List<Draft> take() {
        var taken = drafts;
        drafts = new ArrayList<>();
        return taken;
    }

    boolean ended() {
        return ended;
    }

    boolean contentSent() {
        return contentSent;
    }

    OptionalLong cursor() {
        return cursor == null ? OptionalLong.empty() : OptionalLong.of(cursor);
    }
}
