package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

/**
 * Is told who reads which stream at this edge. Called on readers' loops, so it must not block;
 * thread-safe.
 */
public interface Attendance {
    /** A reader has begun to read the stream. */
    void came(StreamId id);

    /**
     * A reader has seen from an event of the stream whether its readers matter to whoever writes
     * it.
     */
    void learnt(StreamId id, boolean matters);

    /** A reader has seen the end of the stream: who reads it does not matter any more. */
    void ended(StreamId id);

    /** A reader that came has left. */
    void left(StreamId id);
}
