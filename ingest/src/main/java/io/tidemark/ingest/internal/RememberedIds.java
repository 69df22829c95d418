package io.tidemark.ingest.internal;

import io.tidemark.schemas.StreamId;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The latest so many ids of something; the eldest is forgotten when there is no room. Confined to
 * one thread.
 */
final class RememberedIds {
    private final Set<StreamId> ids = new LinkedHashSet<>();
    private final int idsMax;

    RememberedIds(int idsMax) {
        this.idsMax = idsMax;
    }

    void add(StreamId id) {
        ids.remove(id);
        if (ids.size() == idsMax) {
            ids.remove(ids.iterator().next());
        }
        ids.add(id);
    }

    boolean contains(StreamId id) {
        return ids.contains(id);
    }

    /** Forgets an id; whether it was remembered. */
    boolean remove(StreamId id) {
        return ids.remove(id);
    }
}
