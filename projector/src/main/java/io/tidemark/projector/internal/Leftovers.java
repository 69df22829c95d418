package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import java.util.ArrayList;
import java.util.List;

/**
 * Streams of one partition whose content was erased from the stores and may be left in their files.
 * What is erased gets out of the cache in front of a store with the next commit, which lies between
 * two ticks: what was added before the tick before is handed on at a tick. Confined to the stream
 * thread of its partition.
 */
final class Leftovers {
    /** Most streams between two ticks that are told one by one; beyond, it is all streams. */
    static final int STREAMS_MAX = 1_000;

    private final StoreFiles files;
    private final int partition;
    private List<StreamId> added = new ArrayList<>();
    private List<StreamId> committed = new ArrayList<>();

    Leftovers(StoreFiles files, int partition) {
        this.files = files;
        this.partition = partition;
    }

    /** Takes note of a stream. */
    void add(StreamId id) {
        if (added.size() <= STREAMS_MAX) {
            added.add(id);
        }
    }

    /** Hands on what is due; to be called again and again, in between commits. */
    void tick() {
        if (committed.size() > STREAMS_MAX) {
            files.rewrite(partition);
        } else {
            committed.forEach(id -> files.rewrite(partition, id));
        }
        committed = added;
        added = new ArrayList<>();
    }
}
