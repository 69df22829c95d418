package io.tidemark.ingest.internal;

import java.util.OptionalLong;

/**
 * How a response is reached that its provider goes on with whatever becomes of the connection.
 * Implementations are immutable and thread-safe.
 */
public interface Resumption {
    /** Whether an id that the provider gave can be asked for: it becomes part of a path. */
    boolean accepts(String responseId);

    /**
     * Where a response's stream is read again.
     *
     * @param responseId one that is {@linkplain #accepts accepted}
     * @param after the provider's number of the last event that is not wanted any more; from the
     *     beginning if empty
     */
    RequestPath reading(String responseId, OptionalLong after);

    /**
     * Where the provider is asked to go no further; asking again, or too late, does no harm.
     *
     * @param responseId one that is {@linkplain #accepts accepted}
     */
    RequestPath cancelling(String responseId);
}
