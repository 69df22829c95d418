package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * The log, read from the middle. Blocks; one thread at a time. Failures to read are thrown as they
 * come, unchecked.
 */
interface EventLog extends AutoCloseable {
    /**
     * Reads on in a stream, to a batch's limits or to the end that the log has at the moment of the
     * call.
     *
     * @param tenant whose stream it has to be; events of another's are as if they were not there
     * @param from where to begin; {@link Cursor#UNLOCATED} finds the beginning by the id's time
     * @param wanted first sequence of interest: events before it are passed, not returned
     */
    Batch read(StreamId id, @Nullable String tenant, Cursor from, long wanted);

    /** Whether a command to start the stream for that tenant is in the log of commands. */
    boolean started(StreamId id, @Nullable String tenant);

    @Override
    void close();
}
