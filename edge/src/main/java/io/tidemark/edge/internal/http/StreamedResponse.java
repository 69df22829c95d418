package io.tidemark.edge.internal.http;

import static java.util.Objects.requireNonNull;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Frame;
import io.tidemark.edge.internal.live.ReaderSink;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.edge.internal.live.Upstream;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A response that streams events: writes a reader's frames to the socket, as many in one gathering
 * write as there are, and when the socket takes no more, goes on when it does.
 *
 * <p>What the socket has not taken of one write is all it keeps: the chunk that carries it was
 * announced with its length and has to be written to its end. Those are views of frames that are
 * shared with all readers. Confined to the connection's I/O thread.
 */
final class StreamedResponse implements ReaderSink {
    private final HttpServerExchange exchange;
    private final Format format;
    private final Pulse pulse;
    private final EdgeMetrics metrics;
    private final Consumer<Refusal> onRefusal;
    private @Nullable Upstream upstream;
    private @Nullable StreamSinkChannel channel;
    private @Nullable PeerWatch peer;
    private XnioExecutor.@Nullable Key beat;
    private XnioExecutor.@Nullable Key lastCall;
    private ByteBuffer[] unwritten = new ByteBuffer[0];
    private boolean unflushed;
    private int beatsStuck;
    private boolean ending;
    private boolean over;

    /**
     * A response that has not begun.
     *
     * @param onRefusal answers the request when there is no stream
     */
    StreamedResponse(
            HttpServerExchange exchange,
            Format format,
            Pulse pulse,
            EdgeMetrics metrics,
            Consumer<Refusal> onRefusal) {
        this.exchange = exchange;
        this.format = format;
        this.pulse = pulse;
        this.metrics = metrics;
        this.onRefusal = onRefusal;
    }

    /** Says who writes here; before anything is written. */
    void from(Upstream writer) {
        upstream = writer;
        peer = PeerWatch.start(exchange, this::peerGone);
    }

    private Upstream upstream() {
        return requireNonNull(upstream, "upstream");
    }

    @Override
    public void open() {
        var headers = exchange.getResponseHeaders();
        headers.put(Headers.CONTENT_TYPE, format.contentType());
        headers.put(Headers.CACHE_CONTROL, "no-cache, no-store, no-transform");
        headers.put(new HttpString("X-Accel-Buffering"), "no");
        headers.put(new HttpString("X-Content-Type-Options"), "nosniff");
        channel = exchange.getResponseChannel();
        channel.getWriteSetter().set(_ -> writable());
        scheduleBeat();
    }

    @Override
    public void refuse(Refusal refusal) {
        release();
        onRefusal.accept(refusal);
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        unwritten = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            unwritten[i] = format.bytes(frames[i]);
        }
        return flushed();
    }

    private boolean flushed() {
        try {
            var out = requireNonNull(channel, "channel");
            while (unwritten.length > 0) {
                long taken = out.write(unwritten);
                dropWritten();
                beatsStuck = taken > 0 ? 0 : beatsStuck;
                if (taken == 0 && unwritten.length > 0) {
                    out.resumeWrites();
                    return false;
                }
            }
            /* TLS and HTTP/2 keep what they have taken until they are told that it is all. */
            unflushed = !out.flush();
            if (unflushed) {
                out.resumeWrites();
            }
            return !unflushed;
        } catch (IOException e) {
            peerGone();
            return false;
        }
    }

    private void dropWritten() {
        int done = 0;
        while (done < unwritten.length && !unwritten[done].hasRemaining()) {
            done++;
        }
        if (done > 0) {
            unwritten = Arrays.copyOfRange(unwritten, done, unwritten.length);
        }
    }

    private void writable() {
        if (over || !flushed()) {
            return;
        }
        requireNonNull(channel, "channel").suspendWrites();
        if (ending) {
            finish();
        } else {
            upstream().writable();
        }
    }

    @Override
    public void end() {
        ending = true;
        if (!over && unwritten.length == 0) {
            finish();
        }
    }

    /* What the socket did not take is not to be kept for it, and a response cut short is no loss. */
    @Override
    public void erased() {
        if (over) {
            return;
        }
        if (unwritten.length == 0 && !unflushed) {
            end();
        } else {
            release();
            unwritten = new ByteBuffer[0];
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void finish() {
        release();
        Linger.begin(exchange);
        try {
            var out = requireNonNull(channel, "channel");
            out.shutdownWrites();
            if (out.flush()) {
                exchange.endExchange();
            } else {
                out.getWriteSetter().set(this::finishFlush);
                out.resumeWrites();
                lastCall =
                        exchange.getIoThread()
                                .executeAfter(
                                        () -> IoUtils.safeClose(exchange.getConnection()),
                                        pulse.stalledMax().toMillis(),
                                        TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void finishFlush(StreamSinkChannel out) {
        try {
            if (out.flush()) {
                requireNonNull(lastCall, "lastCall").remove();
                out.suspendWrites();
                exchange.endExchange();
            }
        } catch (IOException e) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void peerGone() {
        if (over) {
            return;
        }
        release();
        unwritten = new ByteBuffer[0];
        metrics.disconnected();
        upstream().disconnected();
        IoUtils.safeClose(exchange.getConnection());
    }

    private void scheduleBeat() {
        beat =
                exchange.getIoThread()
                        .executeAfter(this::beat, pulse.beatMs(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (over) {
            return;
        }
        beatsStuck = unwritten.length == 0 && !unflushed ? 0 : beatsStuck + 1;
        if (beatsStuck > pulse.stuckBeatsMax()) {
            peerGone();
            return;
        }
        upstream().heartbeat();
        scheduleBeat();
    }

    private void release() {
        over = true;
        if (beat != null) {
            beat.remove();
        }
        if (peer != null) {
            peer.stop();
        }
    }
}
