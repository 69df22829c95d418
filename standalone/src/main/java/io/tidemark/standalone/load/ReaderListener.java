package io.tidemark.standalone.load;

/** Hears of readers. Called on the fleet's thread; what it does delays all of them. */
public interface ReaderListener {
    /** Hears nothing. */
    ReaderListener NONE = new ReaderListener() {};

    /** The server has begun to answer. */
    default void attached(SseReader reader) {}

    /**
     * The next event came; the reader's tidemark is its sequence.
     *
     * @param dueAt when it was due by the simulator's clock, a {@link System#nanoTime()}; -1 for an
     *     event that does not say
     * @param stampedAtMs when a worker stamped it, in epoch milliseconds; -1 where none did
     * @param readAt when it was read, a {@link System#nanoTime()}
     */
    default void event(SseReader reader, long dueAt, long stampedAtMs, long readAt) {}

    /**
     * The first event since the reader was opened came.
     *
     * @param waitedNanos since its request was written, refusals and new attempts included
     */
    default void first(SseReader reader, long waitedNanos) {}

    /** The reader has its stream's last event, or has given up. */
    default void ended(SseReader reader) {}
}
