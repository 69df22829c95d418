package io.tidemark.edge.internal.live;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Gives the response so far before the events that follow it. Of a stream that has ended it is all
 * there is to give, even when the log holds no event any more. Confined to the reader's loop.
 */
final class SnapshotSink extends PassingSink {
    private final boolean ended;
    private @Nullable Frame snapshot;

    SnapshotSink(ReaderSink sink, Frame snapshot) {
        super(sink);
        this.snapshot = snapshot;
        this.ended = snapshot.terminal();
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        if (snapshot == null) {
            return sink.write(frames, count);
        }
        /* Behind the opening, which is the first to be written. */
        var more = Arrays.copyOf(frames, count + 1);
        more[count] = snapshot;
        snapshot = null;
        return sink.write(more, count + 1);
    }

    @Override
    public void erased() {
        snapshot = null;
        sink.erased();
    }

    @Override
    public void refuse(Refusal refusal) {
        boolean nothingFollows =
                refusal instanceof Refusal.AtEnd
                        || refusal instanceof Refusal.Unknown
                        || refusal instanceof Refusal.Gone;
        if (snapshot == null || !ended || !nothingFollows) {
            sink.refuse(refusal);
            return;
        }
        sink.open();
        sink.write(new Frame[] {snapshot}, 1);
        snapshot = null;
        sink.end();
    }
}
