package io.tidemark.standalone.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One reader of one stream, over as many connections as it takes: it remembers its tidemark, comes
 * back with it when it is cut off or refused, and counts whatever is not the next event. Confined
 * to its fleet's thread.
 */
public final class SseReader {
    private static final Duration COME_BACK_AFTER = Duration.ofMillis(200);
    private static final int COME_BACK_MAX = 100;
    private static final int NO_CONTENT = 204;

    private enum State {
        AWAY,
        OPEN,
        ENDED,
        FAILED
    }

    private final Fleet fleet;
    private final StreamRequest request;
    private final ReaderListener listener;
    private final FrameScanner frames = new FrameScanner(this::frame);
    private final ResponseScanner response = new ResponseScanner(frames);
    private final Connection.Owner owner = new Owner();
    private @Nullable Connection connection;
    private State state = State.AWAY;
    private boolean small;
    private boolean attached;
    private boolean waiting;
    private long tidemark = -1;
    private long lastDueAt = -1;
    private long sentAt;
    private long readAt;
    private int cameBack;
    private long events;
    private long gaps;
    private long duplicates;
    private long disorders;

    SseReader(Fleet fleet, StreamRequest request, ReaderListener listener) {
        this.fleet = fleet;
        this.request = request;
        this.listener = listener;
    }

    /** The sequence of the last event it has; -1 before the first. */
    public long tidemark() {
        return tidemark;
    }

    /** Says that it has everything up to an event, before it is opened. */
    public void tidemark(long sequence) {
        tidemark = sequence;
    }

    /** Asks the system to take in little that is not read; from the next connection on. */
    public void small() {
        small = true;
    }

    /** Connects, behind its tidemark. */
    public void open() {
        sentAt = 0;
        waiting = true;
        connect();
    }

    private void connect() {
        state = State.OPEN;
        response.reset();
        attached = false;
        var server = fleet.server();
        try {
            connection =
                    Connection.open(
                            fleet.loop(),
                            fleet.nextSource(),
                            new InetSocketAddress(server.getHost(), server.getPort()),
                            request.bytes(server.getAuthority(), tidemark),
                            small,
                            owner);
        } catch (IOException e) {
            comeBack();
        }
    }

    /** Is cut off; a reader that has ended stays so. */
    public void cut() {
        close();
        if (state == State.OPEN) {
            state = State.AWAY;
        }
    }

    /** Stops to read, and stays connected. */
    public void stall() {
        if (connection != null) {
            connection.reading(false);
        }
    }

    private void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private final class Owner implements Connection.Owner {
        @Override
        public void sent(long nanoTime) {
            if (sentAt == 0) {
                sentAt = nanoTime;
            }
        }

        @Override
        public void received(byte[] bytes, int count, long nanoTime) throws IOException {
            readAt = nanoTime;
            response.scan(bytes, 0, count);
            if (state != State.OPEN) {
                return;
            }
            if (response.streams() && !attached) {
                attached = true;
                listener.attached(SseReader.this);
            }
            if (response.status() == NO_CONTENT) {
                end(State.ENDED);
            } else if (response.over()) {
                close();
                comeBack();
            }
        }

        @Override
        public void gone() {
            connection = null;
            if (state == State.OPEN) {
                comeBack();
            }
        }
    }

    private void comeBack() {
        cameBack++;
        if (cameBack > COME_BACK_MAX || !request.resumable()) {
            end(State.FAILED);
        } else {
            fleet.loop()
                    .after(
                            COME_BACK_AFTER,
                            () -> {
                                if (state == State.OPEN && connection == null) {
                                    connect();
                                }
                            });
        }
    }

    private void frame(long sequence, FrameSink.Kind kind, long dueAt, long stampedAtMs) {
        if (state != State.OPEN) {
            return;
        }
        long expected = tidemark + 1;
        long found = request.resumable() ? sequence : expected;
        if (found < expected) {
            duplicates++;
            return;
        }
        gaps += found - expected;
        tidemark = found;
        events++;
        /* Events that repeat the whole text end with the last token's time. */
        boolean fresh = dueAt >= 0 && dueAt != lastDueAt;
        if (fresh) {
            disorders += dueAt < lastDueAt ? 1 : 0;
            lastDueAt = dueAt;
        }
        if (waiting) {
            waiting = false;
            listener.first(this, readAt - sentAt);
        }
        listener.event(this, fresh ? dueAt : -1, stampedAtMs, readAt);
        if (kind != FrameSink.Kind.ORDINARY && state == State.OPEN) {
            end(kind == FrameSink.Kind.COMPLETED ? State.ENDED : State.FAILED);
        }
    }

    private void end(State how) {
        close();
        state = how;
        listener.ended(this);
    }

    /** Whether its stream came to its end, and it has the last event. */
    public boolean complete() {
        return state == State.ENDED;
    }

    /** What it has seen. */
    Tally tally() {
        return new Tally(
                1,
                state == State.ENDED ? 1 : 0,
                state == State.FAILED ? 1 : 0,
                events,
                gaps,
                duplicates,
                disorders,
                cameBack);
    }
}
