package io.tidemark.edge.internal.live;

/**
 * Leaves out the events that a client does not want, without parsing any. The client's tidemark
 * moves over them all the same: a {@link Frame.Kind#MARK mark} behind the last one goes with the
 * next frames that end before it is passed by, with a heartbeat, or with the farewell. So there is
 * at most one in a write, and none where a later event says more. Confined to the reader's loop.
 *
 * <p>It keeps no frame: the sequence of the mark that is due, and room for one write.
 */
final class FilterSink extends PassingSink {
    private static final long NONE = -1;

    private final Types types;
    private final boolean prompt;
    private final Frame[] passed = new Frame[Loop.FRAMES_PER_WRITE + 1];
    private long mark = NONE;
    private boolean silent;

    /**
     * A filter.
     *
     * @param prompt whether a mark goes at once, for a client that is not kept connected
     */
    FilterSink(ReaderSink sink, Types types, boolean prompt) {
        super(sink);
        this.types = types;
        this.prompt = prompt;
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            var frame = frames[i];
            if (!frame.event()) {
                kept = addMark(kept);
                passed[kept++] = frame;
            } else if (frame.terminal() || types.want(frame.type())) {
                mark = NONE;
                passed[kept++] = frame;
            } else {
                mark = frame.sequence();
            }
        }
        if (kept > 0 || prompt) {
            kept = addMark(kept);
        }
        silent = kept == 0;
        return silent || sink.write(passed, kept);
    }

    private int addMark(int at) {
        if (mark == NONE) {
            return at;
        }
        passed[at] = Frame.mark(mark);
        mark = NONE;
        return at + 1;
    }

    @Override
    public boolean silent() {
        return silent || sink.silent();
    }
}
