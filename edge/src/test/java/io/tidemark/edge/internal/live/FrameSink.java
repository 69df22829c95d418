package io.tidemark.edge.internal.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A client that keeps the frames it gets, and says when it got them. */
final class FrameSink implements ReaderSink {
    /** A frame, in which write it came, and when. */
    record Got(Frame frame, int write, Duration at) {}

    private final BooleanSupplier slow;
    private final Supplier<Duration> now;
    final List<Got> got = new ArrayList<>();
    boolean opened;
    boolean keeping;
    boolean ended;
    int caughtUp;
    private int writes;

    FrameSink(BooleanSupplier slow, Supplier<Duration> now) {
        this.slow = slow;
        this.now = now;
    }

    FrameSink() {
        this(() -> false, () -> Duration.ZERO);
    }

    @Override
    public void open() {
        opened = true;
    }

    @Override
    public void refuse(Refusal refusal) {
        throw new AssertionError("refused: " + refusal);
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        if (keeping || ended || count == 0) {
            throw new AssertionError("written to when it should not be");
        }
        writes++;
        for (int i = 0; i < count; i++) {
            got.add(new Got(frames[i], writes, now.get()));
        }
        keeping = slow.getAsBoolean();
        return !keeping;
    }

    @Override
    public void caughtUp() {
        caughtUp++;
    }

    @Override
    public void end() {
        ended = true;
    }

    List<Frame> frames() {
        return got.stream().map(Got::frame).toList();
    }

    List<String> json() {
        return frames().stream()
                .filter(frame -> frame.kind() != Frame.Kind.CONTROL)
                .map(frame -> StandardCharsets.UTF_8.decode(frame.json()).toString())
                .toList();
    }
}
