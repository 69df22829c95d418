package io.tidemark.edge.internal.http;

import static java.util.Objects.requireNonNull;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Frame;
import io.tidemark.edge.internal.live.ReaderSink;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.edge.internal.live.Upstream;
import io.undertow.server.HttpServerExchange;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.AsyncWebSocketHttpServerExchange;

import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A WebSocket that a reader writes to: one text message per event, one at a time. Nothing is
 * queued: what is left of one write waits here until the client has taken the message before, or
 * has acknowledged enough, and the reader waits with it.
 *
 * <p>Confined to the connection's I/O thread, before the handshake and after it.
 */
final class SocketResponse implements ReaderSink {
    private static final int NORMAL = 1000;
    private static final int POLICY = 1008;
    private static final int RESTART = 1012;
    private static final int TRY_AGAIN = 1013;
    /* Of those that everybody may give a meaning to: 410, as a socket says it. */
    private static final int ERASED = 4410;
    private static final Frame[] NOTHING = {};

    /** What all sockets of an edge share. */
    record Shared(Pulse pulse, EdgeMetrics metrics, BooleanSupplier draining) {}

    private final HttpServerExchange exchange;
    private final Shared shared;
    private final Acknowledged acknowledged;
    private final Consumer<Refusal> onRefusal;
    private final SocketListener listener = new SocketListener(this::heard, this::said, this::gone);
    private @Nullable Upstream upstream;
    private @Nullable WebSocketChannel channel;
    private XnioExecutor.@Nullable Key beat;
    private Frame[] kept = NOTHING;
    private int at;
    private boolean sending;
    private boolean leaving;
    private boolean cut;
    private boolean erased;
    private boolean ending;
    private boolean ended;
    private boolean over;
    private int beatsStuck;
    private int beatsUnanswered;

    /**
     * A socket before its handshake.
     *
     * @param onRefusal answers the request when there is no stream
     */
    SocketResponse(
            HttpServerExchange exchange,
            Shared shared,
            Acknowledged acknowledged,
            Consumer<Refusal> onRefusal) {
        this.exchange = exchange;
        this.shared = shared;
        this.acknowledged = acknowledged;
        this.onRefusal = onRefusal;
    }

    /** Says who writes here; before anything is written. */
    void from(Upstream writer) {
        upstream = writer;
    }

    private Upstream upstream() {
        return requireNonNull(upstream, "upstream");
    }

    @Override
    public void open() {
        var handshake = Upgrade.handshake();
        var request = new AsyncWebSocketHttpServerExchange(exchange, new HashSet<>());
        exchange.upgradeChannel((connection, _) ->
                connected(handshake.createChannel(request, connection, request.getBufferPool())));
        scheduleBeat();
        handshake.handshake(request);
    }

    private void connected(WebSocketChannel socket) {
        if (over) {
            IoUtils.safeClose(socket);
            return;
        }
        channel = socket;
        socket.getReceiveSetter().set(listener);
        socket.addCloseTask(_ -> gone());
        socket.resumeReceives();
        goOn();
    }

    @Override
    public void refuse(Refusal refusal) {
        over = true;
        onRefusal.accept(refusal);
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        kept =
                Arrays.stream(frames, 0, count)
                        .filter(frame -> frame.kind() != Frame.Kind.CONTROL && !cut)
                        .toArray(Frame[]::new);
        at = 0;
        return sent();
    }

    /* Whether all that was given is sent; sends as much as may be sent now. */
    private boolean sent() {
        try {
            while (at < kept.length && !sending && channel != null && !over) {
                if (!mayGo(kept[at])) {
                    if (!leaving) {
                        return false;
                    }
                    cutOff();
                } else {
                    send(channel, kept[at++]);
                }
            }
        } catch (IOException e) {
            gone();
            return false;
        }
        return !sending && at == kept.length;
    }

    private boolean mayGo(Frame frame) {
        return !frame.event() || acknowledged.room();
    }

    /* Whoever is sent away gets the rest elsewhere, and no word here that it has had it. */
    private void cutOff() {
        cut = true;
        kept = NOTHING;
        at = 0;
    }

    private void send(WebSocketChannel socket, Frame frame) throws IOException {
        if (frame.event()) {
            acknowledged.sent(frame.sequence());
        } else {
            acknowledged.moved(frame.sequence());
        }
        ended |= frame.terminal();
        beatsStuck = 0;
        sending = !new SocketMessage(socket, frame.json(), new Sending()).send();
    }

    private final class Sending implements SocketMessage.Progress {
        @Override
        public void moved() {
            beatsStuck = 0;
        }

        @Override
        public void sent() {
            sending = false;
            goOn();
        }

        @Override
        public void broken() {
            gone();
        }
    }

    private void goOn() {
        if (over || !sent()) {
            return;
        }
        if (ending) {
            close();
        } else {
            upstream().writable();
        }
    }

    @Override
    public void leaving() {
        leaving = true;
        if (at < kept.length && !sending && channel != null) {
            goOn();
        }
    }

    @Override
    public void end() {
        ending = true;
        if (!over && channel != null && !sending && at == kept.length) {
            close();
        }
    }

    @Override
    public void erased() {
        erased = true;
        cutOff();
        end();
    }

    private void close() {
        if (erased) {
            close(ERASED, "the stream was erased");
        } else if (ended) {
            close(NORMAL, "the stream has ended");
        } else if (shared.draining().getAsBoolean()) {
            close(RESTART, "this edge is about to stop, come back");
        } else {
            close(TRY_AGAIN, "come back");
        }
    }

    private void close(int code, String reason) {
        var socket = requireNonNull(channel, "channel");
        release();
        WebSockets.sendClose(new CloseMessage(code, reason), socket, null);
        closeInTime(socket);
    }

    /* The client has that long to read why, and to answer. */
    private void closeInTime(WebSocketChannel socket) {
        exchange.getIoThread()
                .executeAfter(
                        () -> IoUtils.safeClose(socket),
                        shared.pulse().stalledMax().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /* Anything that the client says is a sign of life. */
    private void heard() {
        beatsUnanswered = 0;
    }

    private void said(String message) {
        if (over) {
            return;
        }
        var wrong = acknowledged.take(message);
        if (wrong != null) {
            close(POLICY, wrong);
            shared.metrics().disconnected();
            upstream().disconnected();
        } else if (at < kept.length && !sending) {
            goOn();
        }
    }

    private void gone() {
        if (over) {
            return;
        }
        release();
        shared.metrics().disconnected();
        upstream().disconnected();
        if (channel == null) {
            IoUtils.safeClose(exchange.getConnection());
        } else if (channel.isCloseFrameSent()) {
            closeInTime(channel);
        } else {
            IoUtils.safeClose(channel);
        }
    }

    private void scheduleBeat() {
        beat =
                exchange.getIoThread()
                        .executeAfter(this::beat, shared.pulse().beatMs(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (over) {
            return;
        }
        beatsStuck = sending || channel == null ? beatsStuck + 1 : 0;
        beatsUnanswered = sending ? beatsUnanswered : beatsUnanswered + 1;
        if (Math.max(beatsStuck, beatsUnanswered) > shared.pulse().stuckBeatsMax()) {
            gone();
            return;
        }
        if (ending && shared.draining().getAsBoolean()) {
            leaving();
        }
        if (over) {
            return;
        }
        upstream().heartbeat();
        if (channel != null && !sending) {
            listener.ping(channel);
        }
        scheduleBeat();
    }

    private void release() {
        over = true;
        kept = NOTHING;
        at = 0;
        if (beat != null) {
            beat.remove();
        }
    }
}
