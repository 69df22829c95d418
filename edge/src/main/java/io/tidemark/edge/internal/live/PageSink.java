package io.tidemark.edge.internal.live;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers events to a page, which is given to the sink behind it at once, with the JSON around it:
 * as soon as there is an event and no further one, when the page is full, or when the client does
 * not want to wait any longer. Then the reader is let go.
 *
 * <p>It keeps frames that are shared with all readers, at most so many and, beside the first, so
 * many bytes. Confined to the reader's loop.
 */
final class PageSink extends PassingSink {
    /** Most events of a page. */
    static final int EVENTS_MAX = 1_000;

    /** Most bytes of a page's events; one event alone may be larger. */
    static final int BYTES_MAX = 1_024 * 1_024;

    private static final Frame COMMA = Frame.control(",");

    private final StreamId id;
    private final int eventsMax;
    private final Duration wait;
    private final Delay delay;
    private final List<Frame> page = new ArrayList<>();
    private @Nullable Upstream upstream;
    private @Nullable Runnable timer;
    private long last;
    private long bytes;
    private boolean waited;
    private boolean idle;
    private boolean ended;
    private boolean answered;

    /**
     * An empty page.
     *
     * @param next sequence of the first event wanted
     * @param eventsMax most events, up to {@link #EVENTS_MAX}
     * @param wait how long the client waits for the first event
     */
    PageSink(ReaderSink sink, StreamId id, long next, int eventsMax, Duration wait, Delay delay) {
        super(sink);
        this.id = id;
        this.last = next - 1;
        this.eventsMax = eventsMax;
        this.wait = wait;
        this.delay = delay;
        this.waited = wait.isZero();
    }

    /** Says who writes here; before anything is written. */
    void from(Upstream writer) {
        upstream = writer;
    }

    @Override
    public void open() {
        if (!waited) {
            timer = delay.after(wait, this::timeIsUp);
        }
    }

    private void timeIsUp() {
        timer = null;
        waited = true;
        if (idle || !page.isEmpty()) {
            answer();
        }
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        idle = false;
        for (int i = 0; i < count && !answered; i++) {
            take(frames[i]);
        }
        return true;
    }

    private void take(Frame frame) {
        if (frame.kind() == Frame.Kind.MARK) {
            last = frame.sequence();
        } else if (frame.event()) {
            if (!page.isEmpty() && bytes + frame.size() > BYTES_MAX) {
                answer();
                return;
            }
            page.add(frame);
            bytes += frame.size();
            last = frame.sequence();
            ended = frame.terminal();
            if (ended || page.size() == eventsMax) {
                answer();
            }
        }
    }

    @Override
    public boolean silent() {
        return false;
    }

    @Override
    public void caughtUp() {
        idle = true;
        if (waited || !page.isEmpty()) {
            answer();
        }
    }

    @Override
    public void leaving() {
        // It keeps nothing that anybody waits for.
    }

    /* Nothing was said so far, so that it can be said what became of the stream. */
    @Override
    public void erased() {
        if (answered) {
            sink.erased();
            return;
        }
        answered = true;
        if (timer != null) {
            timer.run();
        }
        page.clear();
        sink.refuse(new Refusal.Erased());
    }

    @Override
    public void end() {
        answer();
    }

    private void answer() {
        if (answered) {
            return;
        }
        answered = true;
        if (timer != null) {
            timer.run();
        }
        requireNonNull(upstream, "upstream").disconnected();
        sink.open();
        var frames = frames();
        sink.write(frames, frames.length);
        sink.end();
    }

    private Frame[] frames() {
        var frames = new ArrayList<Frame>(2 * page.size() + 2);
        frames.add(Frame.control("{\"requestId\":\"" + id + "\",\"events\":["));
        for (var event : page) {
            if (frames.size() > 1) {
                frames.add(COMMA);
            }
            frames.add(event);
        }
        var place = last < 0 ? "" : ",\"lastSequence\":" + last;
        frames.add(Frame.control("]" + place + ",\"ended\":" + ended + "}"));
        return frames.toArray(Frame[]::new);
    }
}
