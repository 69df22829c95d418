package io.tidemark.edge.internal.live;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges what comes in a row for one lane into one event, for clients on slow links. What cannot be
 * merged exactly is passed on as it is, behind what is held; so the order never changes.
 *
 * <p>It holds one {@link Merge}, of bounded size, for a bounded time; after that only as long as
 * the sink behind it is busy, and then the reader waits. Confined to the reader's loop.
 */
final class BatchSink extends PassingSink implements Upstream {
    private final Duration longest;
    private final Delay delay;
    private final List<Frame> out = new ArrayList<>();
    private @Nullable Upstream upstream;
    private @Nullable Merge held;
    private @Nullable Frame mark;
    private @Nullable Runnable timer;
    private boolean busy;
    private boolean due;
    private boolean idle;
    private boolean silent;

    /**
     * Nothing held.
     *
     * @param longest how long anything is held
     */
    BatchSink(ReaderSink sink, Duration longest, Delay delay) {
        super(sink);
        this.longest = longest;
        this.delay = delay;
    }

    /** Says who writes here; before anything is written. */
    void from(Upstream writer) {
        upstream = writer;
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        idle = false;
        for (int i = 0; i < count; i++) {
            take(frames[i]);
        }
        return pass();
    }

    private void take(Frame frame) {
        switch (frame.kind()) {
            case EVENT, SPREAD -> takeEvent(frame);
            case MARK -> {
                if (held == null) {
                    out.add(frame);
                } else {
                    mark = frame;
                }
            }
            case CONTROL -> {
                if (!frame.equals(Manners.HEARTBEAT)) {
                    release();
                }
                out.add(frame);
            }
        }
    }

    private void takeEvent(Frame frame) {
        var delta = Delta.in(frame).orElse(null);
        /* The event that comes now moves the tidemark further than the mark would. */
        mark = null;
        if (delta == null) {
            release();
            out.add(frame);
        } else if (held != null && held.takes(delta)) {
            held.add(delta);
        } else {
            release();
            held = new Merge(delta);
            timer = delay.after(longest, this::timeIsUp);
        }
    }

    private void release() {
        stopTimer();
        due = false;
        if (held != null) {
            out.add(held.frame());
            held = null;
        }
        if (mark != null) {
            out.add(mark);
            mark = null;
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.run();
            timer = null;
        }
    }

    private boolean pass() {
        silent = out.isEmpty();
        if (!silent) {
            busy = !sink.write(out.toArray(Frame[]::new), out.size());
            out.clear();
        }
        return !busy;
    }

    private void timeIsUp() {
        timer = null;
        if (busy) {
            due = true;
            return;
        }
        release();
        if (!pass()) {
            requireNonNull(upstream, "upstream").busy();
        } else if (idle) {
            sink.caughtUp();
        }
    }

    @Override
    public boolean silent() {
        return silent || sink.silent();
    }

    /* There is nothing newer than what is held. */
    @Override
    public void caughtUp() {
        idle = held != null;
        if (!idle) {
            sink.caughtUp();
        }
    }

    @Override
    public void erased() {
        stopTimer();
        held = null;
        out.clear();
        sink.erased();
    }

    @Override
    public void end() {
        if (busy) {
            stopTimer();
        } else {
            release();
            pass();
        }
        sink.end();
    }

    @Override
    public void busy() {
        busy = true;
        requireNonNull(upstream, "upstream").busy();
    }

    @Override
    public void writable() {
        busy = false;
        if (due) {
            release();
            if (!pass()) {
                return;
            }
        }
        requireNonNull(upstream, "upstream").writable();
    }

    @Override
    public void heartbeat() {
        requireNonNull(upstream, "upstream").heartbeat();
    }

    @Override
    public void disconnected() {
        stopTimer();
        requireNonNull(upstream, "upstream").disconnected();
    }
}
