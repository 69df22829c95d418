package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** Where a reader that is behind gets its batches. Thread-safe; never blocks. */
interface BatchSource {
    /** What became of a request for a batch. */
    sealed interface Outcome {
        /**
         * The log was read.
         *
         * @param started whether a start command is known; looked for only where there was no event
         */
        record Read(Batch batch, boolean started) implements Outcome {}

        /** The log could not be read; the cause was logged. */
        record Failed() implements Outcome {}
    }

    /**
     * Asks for a batch.
     *
     * @param tenant whose stream it has to be; what is another's is as if it were not there
     * @param from where to begin
     * @param wanted first sequence of interest
     * @param newcomer whether the reader can still be turned away
     * @param answer told the outcome, once, on any thread; must not block
     * @return false when the reader is turned away and there will be no answer
     */
    boolean submit(
            StreamId id,
            @Nullable String tenant,
            Cursor from,
            long wanted,
            boolean newcomer,
            Consumer<Outcome> answer);
}
