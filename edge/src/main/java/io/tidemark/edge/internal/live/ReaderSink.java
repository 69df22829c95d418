package io.tidemark.edge.internal.live;

/** Where a reader's frames go: a response, or whoever wants to know about the stream. */
public interface ReaderSink {
    /** The stream was found; frames follow. Called once, unless {@link #refuse} is. */
    void open();

    /** There is nothing to read; no other method is called after this one. */
    void refuse(Refusal refusal);

    /**
     * Takes frames to be written.
     *
     * @param frames valid during the call only
     * @param count how many of them, at least 1
     * @return true when they are written; false when the sink keeps them for now, and calls {@link
     *     Reader#writable()} once they are, or {@link Reader#disconnected()}
     */
    boolean write(Frame[] frames, int count);

    /** Whether the last {@link #write} left the client in silence. */
    default boolean silent() {
        return false;
    }

    /** There is nothing newer, for now. */
    default void caughtUp() {}

    /**
     * The client is to be sent away: what it was not given by now it gets elsewhere. A sink that
     * keeps frames until the client asks for them lets go of them and is {@link
     * Upstream#writable()}.
     */
    default void leaving() {}

    /**
     * The stream was erased, after {@link #open}: what the sink keeps is not to be written, and it
     * is over. No other method is called after this one.
     */
    default void erased() {
        end();
    }

    /** The last frame was given; what the sink still keeps is to be written, then it is over. */
    void end();
}
