package io.tidemark.edge.internal.live;

/** Why a reader gets no stream; told before anything was written to it. */
public sealed interface Refusal {
    /** There is no trace of the stream, in the log of events or of commands. */
    record Unknown() implements Refusal {}

    /** The reader has the terminal event already. */
    record AtEnd(long lastSequence) implements Refusal {}

    /**
     * The reader claims to have events that are not in the log.
     *
     * @param lastSequence the newest there is, -1 when there is none yet
     */
    record BeyondEnd(long lastSequence) implements Refusal {}

    /** The events that would come next are no longer in the log. */
    record Gone(long earliestSequence) implements Refusal {}

    /** The events that would come next were lost; those from a later one on are in the log. */
    record Missing(long earliestSequence) implements Refusal {}

    /** Events before those that would come next are missing, and may still come. */
    record Undecided() implements Refusal {}

    /** The stream was erased. */
    record Erased() implements Refusal {}

    /** Too many readers wait for the log. */
    record Busy() implements Refusal {}

    /** The log cannot be read. */
    record Unavailable() implements Refusal {}

    /** This edge is on its way out. */
    record Draining() implements Refusal {}
}
