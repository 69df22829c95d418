package io.tidemark.edge.internal.live;

import java.util.List;

/**
 * A bounded piece of one stream, read from the log.
 *
 * @param frames events in order, gapless, none before the sequence that was wanted
 * @param cursor where to read on; its position is at or behind every record looked at
 * @param earliest sequence of the first event of the stream that the log still has; -1 when there
 *     was none, or when the read went on where another had ended
 * @param atEnd whether everything that was in the log when the read began was looked at
 * @param ended whether the terminal event was met, in {@code frames} or before
 * @param cut whether retention has removed records that lay between the place where the stream was
 *     met before and the place where this read began
 */
record Batch(
        List<Frame> frames,
        Cursor cursor,
        long earliest,
        boolean atEnd,
        boolean ended,
        boolean cut) {
    Batch {
        frames = List.copyOf(frames);
    }

    /** Whether there is nothing more to read: the log has no more, or the stream has none. */
    boolean exhausted() {
        return atEnd || ended;
    }

    /** The same batch for whoever wants no event before this sequence. */
    Batch from(long wanted) {
        /* They are gapless. */
        long before = frames.isEmpty() ? 0 : wanted - frames.getFirst().sequence();
        int passed = Math.clamp(before, 0, frames.size());
        return passed == 0
                ? this
                : new Batch(
                        frames.subList(passed, frames.size()), cursor, earliest, atEnd, ended, cut);
    }

    /** Bytes of its frames. */
    long bytes() {
        return frames.stream().mapToLong(Frame::size).sum();
    }
}
