package io.tidemark.auditor;

/** Takes what a replay finds while it goes on. Called by the thread that replays. */
public interface ReplayListener {
    /** A stream that is to be told of; see {@link Replay}. */
    void replayed(ReplayedStream stream);

    /**
     * The response that a stream's events fold to, whole, also where no topic would take it. Comes
     * before {@link #replayed} of the stream, and only if the replay was told to print.
     *
     * @param response its JSON: content, to go where whoever asked for it wants it
     */
    void folded(byte[] response);
}
