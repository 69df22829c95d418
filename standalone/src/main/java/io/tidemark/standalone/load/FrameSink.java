package io.tidemark.standalone.load;

/** Takes the frames that a {@link FrameScanner} finds. Confined to the scanner's thread. */
interface FrameSink {
    /** What an event's type says of its stream. */
    enum Kind {
        /** It goes on. */
        ORDINARY,
        /** It came to its end as it should. */
        COMPLETED,
        /** It came to an end otherwise. */
        FAILED
    }

    /**
     * A frame with data came to its end.
     *
     * @param sequence its {@code id}, or -1 without one
     * @param dueAt the time that the simulator's clock wrote into it, or -1
     * @param stampedAtMs the first number of 13 digits in it, an event's {@code at}, or -1
     */
    void frame(long sequence, Kind kind, long dueAt, long stampedAtMs);
}
