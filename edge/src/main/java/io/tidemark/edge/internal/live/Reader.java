package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One reader of one stream: a cursor, and the state machine that moves it from wherever the reader
 * left off to the live end, with no gap, no duplicate and no reordering.
 *
 * <pre>
 *            in the window                            all caught up
 *   LOCATE ------------------------&gt; LIVE &lt;------------------------- JOIN
 *     |  \                            |  \                          ^  |
 *     |   \ in the log                |   \ let go by the window   |  | window begins
 *     |    v                          |    v                        |  v later, read on
 *     |   REPLAY &lt;--------------------|-- LAPPED     batch written, |
 *     |     |  ^                      |                log at end   |
 *     |     |  +--- next batch        |                             |
 *     |     +-----------------------------------------------------&gt;-+
 *     |     |                         |
 *     |     | drain or failure        | drain        terminal written, or client gone:
 *     |     +--------&gt; DRAINED &lt;------+              any state but LOCATE -&gt; DONE
 *     |                   |
 *     | refused           | farewell written
 *     +--------&gt; DONE &lt;---+
 * </pre>
 *
 * <p>Longer than most: the machine is in one place on purpose, every transition next to the others.
 *
 * <p>There is no queue: frames go from the window or from one bounded batch to the sink, as many as
 * the sink takes, and the reader waits until the sink has written them. The handover is asserted: a
 * frame whose sequence is not the next one is never written, it is a fault.
 *
 * <p>Before a {@link Hole} in the log a reader waits until it is mended or final. Then a client is
 * sent away, to be told so when it comes back, and a reader of the edge's own goes on behind it.
 *
 * <p>Confined to its {@link Loop}: every method but {@link #loop()} and {@link #reads} is called
 * there.
 */
public final class Reader implements Upstream {
    /**
     * What all readers of an edge share.
     *
     * @param done told when a reader is done
     */
    record Shared(
            Window window,
            SparseIndex index,
            BatchSource catchUp,
            Manners manners,
            EdgeMetrics metrics,
            InstantSource clock,
            Consumer<Reader> done) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(Reader.class);

    private final StreamId id;
    private final @Nullable String tenant;
    private final boolean fromEarliest;
    private final Loop loop;
    private final ReaderSink sink;
    private final Shared shared;

    private ReaderState state;
    private Cursor cursor = Cursor.UNLOCATED;
    private EdgeMetrics.Way way = EdgeMetrics.Way.LOG;
    private long startedAtNanos;
    private long next;
    private @Nullable Frame control;
    private boolean reading;
    private boolean sinkBusy;
    private boolean wroteSinceBeat;
    private long leavesAtMs;

    /**
     * A reader that has not begun.
     *
     * @param tenant whose stream it has to be: another's is not there for it, wherever it looks
     * @param next sequence of the first event it wants; -1 for the earliest there is
     */
    Reader(
            StreamId id,
            @Nullable String tenant,
            long next,
            Loop loop,
            ReaderSink sink,
            Shared shared) {
        this.id = id;
        this.tenant = tenant;
        this.fromEarliest = next < 0;
        this.next = Math.max(0, next);
        this.loop = loop;
        this.sink = sink;
        this.shared = shared;
        this.state = new ReaderState.Locate();
        shared.metrics().entered(state);
    }

    Loop loop() {
        return loop;
    }

    /** Begins; the sink is opened or refused now or later. */
    public void start() {
        startedAtNanos = System.nanoTime();
        leavesAtMs = shared.clock().millis() + shared.manners().lifetimeMs();
        var locate = new ReaderState.Locate();
        var stream = shared.window().find(id, tenant);
        var standing = stream == null ? null : stream.standing();
        if (stream == null || standing == null || !standing.anchored() || next < standing.first()) {
            lookUp();
        } else if (next < standing.next()
                || (next == standing.next()
                        && !standing.ended()
                        && ifFinal(stream.hole()) == null)) {
            way = EdgeMetrics.Way.WINDOW;
            open();
            goLive(locate.live(stream));
            pump();
        } else if (standing.ended()) {
            refuse(atOrBeyond(standing.next()));
        } else {
            /* Another edge may be faster than ours: only the log knows where the end or a hole is. */
            cursor = stream.end();
            read();
        }
    }

    private void lookUp() {
        switch (shared.index().find(id, tenant, next)) {
            case SparseIndex.Answer.Ended(var end) -> refuse(atOrBeyond(end));
            case SparseIndex.Answer.ReadFrom(var place) -> {
                way = EdgeMetrics.Way.INDEX;
                cursor = place;
                read();
            }
            case null -> read();
        }
    }

    private Refusal atOrBeyond(long end) {
        return next == end ? new Refusal.AtEnd(end - 1) : new Refusal.BeyondEnd(end - 1);
    }

    private void read() {
        reading = true;
        boolean newcomer = state instanceof ReaderState.Locate;
        boolean taken =
                shared.catchUp()
                        .submit(
                                id,
                                tenant,
                                cursor,
                                next,
                                newcomer,
                                outcome -> loop.execute(() -> answered(outcome)));
        if (!taken && newcomer) {
            refuse(new Refusal.Busy());
        } else if (!taken) {
            giveUp();
        }
    }

    private void answered(BatchSource.Outcome outcome) {
        reading = false;
        switch (outcome) {
            case BatchSource.Outcome.Failed _ when state instanceof ReaderState.Locate ->
                    refuse(new Refusal.Unavailable());
            case BatchSource.Outcome.Failed _ -> giveUp();
            case BatchSource.Outcome.Read(var batch, var started) -> {
                switch (state) {
                    case ReaderState.Locate locate -> judge(locate, batch, started);
                    case ReaderState.Replay replay -> goOn(replay, batch);
                    case ReaderState.Join _,
                            ReaderState.Live _,
                            ReaderState.Lapped _,
                            ReaderState.Drained _,
                            ReaderState.Done _ -> {
                        // It was asked for before the reader left.
                    }
                }
            }
        }
    }

    private void judge(ReaderState.Locate locate, Batch batch, boolean started) {
        if (batch.cut()) {
            lookAgain();
            return;
        }
        cursor = batch.cursor();
        if (fromEarliest && batch.earliest() > next) {
            next = batch.earliest();
        }
        long now = shared.clock().millis();
        switch (Located.judge(batch, started || expected(), next, now)) {
            case Located.Found(var where) -> {
                cursor = where;
                replay(locate, batch);
            }
            case Located.ReadOn(var from) -> {
                cursor = from;
                read();
            }
            case Located.Refused(var refusal) -> refuse(refusal);
        }
    }

    /* The place is no longer in the log, but what is wanted may be: that is behind. */
    private void lookAgain() {
        shared.index().forget(id);
        way = EdgeMetrics.Way.LOG;
        cursor = Cursor.UNLOCATED;
        read();
    }

    /* A stream that was minted here is known before its command can be found. */
    private boolean expected() {
        var stream = shared.window().find(id, tenant);
        return stream != null && stream.standing().anchored();
    }

    private void replay(ReaderState.Locate locate, Batch batch) {
        open();
        become(locate.replay(batch));
        pump();
    }

    private void goOn(ReaderState.Replay replay, Batch batch) {
        boolean empty = batch.atEnd() && !batch.cursor().met() && next == 0;
        cursor = empty ? batch.cursor().atStart() : batch.cursor();
        become(replay.more(batch));
        var hole = ifFinal(cursor.hole());
        boolean beyond = batch.exhausted() && cursor.next() < next;
        if (beyond && hole != null && hole.next() <= next) {
            readBehind(hole);
        } else if (beyond || batch.earliest() > next) {
            /* Retention was faster than this reader; when it comes back it is told so. */
            giveUp();
        } else {
            pump();
        }
    }

    private @Nullable Hole ifFinal(@Nullable Hole hole) {
        return hole != null && hole.finalAt(shared.clock().millis()) ? hole : null;
    }

    private void readBehind(Hole hole) {
        next = Math.max(next, hole.next());
        cursor = hole.behind();
        read();
    }

    private void open() {
        shared.metrics().resumed(way, next > 0);
        shared.metrics().located(way, Duration.ofNanos(System.nanoTime() - startedAtNanos));
        control = shared.manners().opening();
        sink.open();
    }

    private void refuse(Refusal refusal) {
        finish();
        sink.refuse(refusal);
    }

    /**
     * Writes until the sink has enough, there is nothing more, or an answer is being waited for.
     */
    private void pump() {
        try {
            boolean more = true;
            while (more && !sinkBusy) {
                more = control != null ? writeControl(control) : step();
            }
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("streamId", id)
                    .addKeyValue("error", e.toString())
                    .setCause(e)
                    .log("reader failed, its response is ended");
            end();
        }
    }

    private boolean writeControl(Frame frame) {
        control = null;
        loop.scratch()[0] = frame;
        give(1);
        return true;
    }

    private boolean step() {
        return switch (state) {
            case ReaderState.Replay replay -> replay(replay);
            case ReaderState.Live live -> live(live);
            case ReaderState.Drained _ -> {
                end();
                yield false;
            }
            case ReaderState.Locate _,
                    ReaderState.Join _,
                    ReaderState.Lapped _,
                    ReaderState.Done _ ->
                    false;
        };
    }

    private boolean replay(ReaderState.Replay replay) {
        var rest = replay.rest();
        if (!rest.isEmpty()) {
            int count = Math.min(rest.size(), Loop.FRAMES_PER_WRITE);
            for (int i = 0; i < count; i++) {
                loop.scratch()[i] = rest.get(i);
            }
            shared.metrics().replayed(count);
            become(replay.advance(count));
            write(count);
            return true;
        }
        if (reading) {
            return false;
        }
        if (replay.batch().atEnd()) {
            var hole = ifFinal(cursor.hole());
            return hole == null ? join(replay.join()) : stop(replay, hole);
        }
        if (cursor.next() == next && windowCovers()) {
            return join(replay.join());
        }
        read();
        return false;
    }

    private boolean stop(ReaderState.Replay replay, Hole hole) {
        if (fromEarliest) {
            readBehind(hole);
            return false;
        }
        leave(shared.manners().farewell(), replay.drained());
        return true;
    }

    /* Others may have anchored the stream; then the window can take over before the log's end. */
    private boolean windowCovers() {
        var stream = shared.window().find(id, tenant);
        return stream != null && stream.standing().anchored() && stream.standing().first() <= next;
    }

    private boolean join(ReaderState.Join join) {
        become(join);
        requireNext(cursor.next());
        var stream = shared.window().watch(id, tenant);
        if (stream.anchor(cursor)) {
            shared.metrics().joined();
            goLive(join.live(stream));
            return true;
        }
        become(join.notYet());
        read();
        return false;
    }

    private void goLive(ReaderState.Live live) {
        become(live);
        live.stream().attach(this, shared.clock().millis());
    }

    private boolean live(ReaderState.Live live) {
        int count = live.stream().copy(next, loop.scratch());
        if (count == LiveStream.LAPPED) {
            fallBack(live);
            return false;
        }
        if (count == 0) {
            return idle(live);
        }
        var frames = loop.scratch();
        cursor = frames[count - 1].after();
        for (int i = 0; i < count; i++) {
            shared.metrics().appended(frames[i].appendedAtMs());
        }
        write(count);
        return true;
    }

    private boolean idle(ReaderState.Live live) {
        var hole = ifFinal(live.stream().hole());
        if (hole != null && hole.next() > next) {
            return stop(fromWindow(live), hole);
        }
        sink.caughtUp();
        return false;
    }

    private void fallBack(ReaderState.Live live) {
        shared.metrics().lapped();
        fromWindow(live);
        read();
    }

    private ReaderState.Replay fromWindow(ReaderState.Live live) {
        live.stream().detach(this, shared.clock().millis());
        var lapped = live.lapped();
        become(lapped);
        var replay = lapped.replay();
        become(replay);
        return replay;
    }

    private void write(int count) {
        var frames = loop.scratch();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            requireNext(frames[i].sequence() - i);
            bytes += frames[i].size();
        }
        var last = frames[count - 1];
        next = last.sequence() + 1;
        shared.metrics().written(bytes);
        give(count);
        if (last.terminal()) {
            end();
        }
    }

    private void give(int count) {
        sinkBusy = !sink.write(loop.scratch(), count);
        wroteSinceBeat |= !sink.silent();
    }

    private void requireNext(long found) {
        if (found != next) {
            throw new IllegalStateException(
                    "handover broken: sequence " + next + " comes next, found " + found);
        }
    }

    /** There may be something new in the window. */
    void wake() {
        pump();
    }

    @Override
    public void busy() {
        sinkBusy = true;
    }

    @Override
    public void writable() {
        sinkBusy = false;
        pump();
    }

    /**
     * It is time for a sign of life, unless something was written since the last call. To be called
     * every half of the longest silence that there may be: what was written right after one call
     * goes by at the next, and a heartbeat counts as written. A reader that has been here for long
     * is asked to come back, so that readers spread over the edges there are.
     */
    @Override
    public void heartbeat() {
        if (streaming() && shared.clock().millis() >= leavesAtMs) {
            shared.metrics().rotated();
            sendAway(shared.manners().seeYouSoon());
            return;
        }
        boolean quiet = !wroteSinceBeat;
        wroteSinceBeat = false;
        if (quiet && !sinkBusy && control == null && streaming()) {
            control = Manners.HEARTBEAT;
            pump();
        }
    }

    private boolean streaming() {
        return switch (state) {
            case ReaderState.Replay _, ReaderState.Join _, ReaderState.Live _ -> true;
            case ReaderState.Locate _,
                    ReaderState.Lapped _,
                    ReaderState.Drained _,
                    ReaderState.Done _ ->
                    false;
        };
    }

    /**
     * Sends the client away, to come back elsewhere and go on where it is.
     *
     * @param leaving how many readers are sent away with it
     */
    public void drain(int leaving) {
        sendAway(shared.manners().farewell(leaving));
    }

    /** Whether it reads, or looks for, that tenant's stream. May be called by any thread. */
    boolean reads(StreamId stream, @Nullable String owner) {
        return id.equals(stream) && Objects.equals(tenant, owner);
    }

    /** The stream was erased: nothing more of it is written. */
    void erase() {
        switch (state) {
            case ReaderState.Locate _ -> refuse(new Refusal.Erased());
            case ReaderState.Done _ -> {
                // It is over.
            }
            case ReaderState.Replay _,
                    ReaderState.Join _,
                    ReaderState.Live _,
                    ReaderState.Lapped _,
                    ReaderState.Drained _ -> {
                finish();
                sink.erased();
            }
        }
    }

    private void giveUp() {
        sendAway(shared.manners().farewell());
    }

    private void sendAway(Frame farewell) {
        switch (state) {
            case ReaderState.Locate _ -> refuse(new Refusal.Draining());
            case ReaderState.Replay replay -> say(farewell, replay.drained());
            case ReaderState.Live live -> {
                live.stream().detach(this, shared.clock().millis());
                say(farewell, live.drained());
            }
            case ReaderState.Join _,
                    ReaderState.Lapped _,
                    ReaderState.Drained _,
                    ReaderState.Done _ -> {
                // Join and lapped last no longer than one call; the others are on their way out.
            }
        }
    }

    private void say(Frame farewell, ReaderState.Drained drained) {
        leave(farewell, drained);
        pump();
    }

    private void leave(Frame farewell, ReaderState.Drained drained) {
        become(drained);
        control = farewell;
        sink.leaving();
    }

    @Override
    public void disconnected() {
        finish();
    }

    private void end() {
        finish();
        sink.end();
    }

    private void finish() {
        if (state instanceof ReaderState.Done) {
            return;
        }
        if (state instanceof ReaderState.Live(var stream)) {
            stream.detach(this, shared.clock().millis());
        }
        become(new ReaderState.Done());
        control = null;
        shared.done().accept(this);
    }

    private void become(ReaderState successor) {
        shared.metrics().moved(state, successor);
        state = successor;
    }
}
