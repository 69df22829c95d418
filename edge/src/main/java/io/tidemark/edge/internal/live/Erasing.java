package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Erasure;

import java.time.InstantSource;

/**
 * What an edge does about an erasure: it remembers it, lets go of what it has of the stream, and
 * ends the responses of those who read it. Whatever comes of the stream afterwards meets what is
 * remembered, which is why that comes first. Thread-safe.
 */
public record Erasing(
        ErasedStreams erased,
        Window window,
        SparseIndex index,
        CatchUp catchUp,
        Readers readers,
        InstantSource clock) {
    /** Takes note of an erasure that is in the log. */
    public void heed(Erasure erasure) {
        var id = erasure.requestId();
        erased.add(erasure, clock.millis());
        window.erase(id);
        index.forget(id);
        catchUp.forget(id);
        readers.erase(id, erasure.tenant());
    }
}
