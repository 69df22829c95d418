package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedSet;

/**
 * The log, read from the middle. Blocks; one thread at a time. Failures to read are thrown as they
 * come, unchecked.
 */
interface EventLog extends AutoCloseable {
    /**
     * What is wanted of one stream by all who stand at one point.
     *
     * @param from where to begin; {@link Cursor#UNLOCATED} finds the beginning by the id's time
     * @param wanted first sequences of interest, at least one: events before are passed, not
     *     returned
     */
    record Wish(Standpoint from, SortedSet<Long> wanted) {}

    /** Told what was read. */
    interface Answers {
        /** The batch of those who want this sequence first; called once for each, if at all. */
        void answer(Standpoint from, long wanted, Batch batch);
    }

    /**
     * Reads on in streams of one partition, to each batch's limits or to the end that the log has
     * at the moment of the call. Events of another tenant are as if they were not there.
     *
     * @param wishes at least one, all {@linkplain Standpoint#isNear near} the first
     * @param answers told each batch as soon as it is complete, in any order
     */
    void read(List<Wish> wishes, Answers answers);

    /** Whether a command to start the stream for that tenant is in the log of commands. */
    boolean started(StreamId id, @Nullable String tenant);

    @Override
    void close();
}
