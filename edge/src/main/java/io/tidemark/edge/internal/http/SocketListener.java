package io.tidemark.edge.internal.http;

import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What a client says on a WebSocket. Messages are bounded; of pings and pongs one of each is on its
 * way at a time, whatever the client sends. Confined to the connection's I/O thread.
 */
final class SocketListener extends AbstractReceiveListener {
    /** Largest message; beyond it, the socket is closed with 1009. */
    static final int MESSAGE_BYTES_MAX = 1_024;

    private final Runnable heard;
    private final Consumer<String> said;
    private final Runnable gone;
    private boolean pinging;
    private boolean ponging;

    /**
     * A listener.
     *
     * @param heard told of anything that comes
     * @param said told each message
     * @param gone told that the client has closed the socket, or that it is broken
     */
    SocketListener(Runnable heard, Consumer<String> said, Runnable gone) {
        this.heard = heard;
        this.said = said;
        this.gone = gone;
    }

    /** Asks the client for a sign of life, unless the last one is still on its way. */
    void ping(WebSocketChannel channel) {
        if (!pinging) {
            pinging = true;
            WebSockets.sendPing(
                    ByteBuffer.allocate(0), channel, once(() -> pinging = false, () -> {}));
        }
    }

    private WebSocketCallback<Void> once(Runnable sent, Runnable free) {
        return new WebSocketCallback<>() {
            @Override
            public void complete(WebSocketChannel channel, @Nullable Void context) {
                sent.run();
                free.run();
            }

            @Override
            public void onError(
                    WebSocketChannel channel, @Nullable Void context, Throwable throwable) {
                free.run();
                gone.run();
            }
        };
    }

    @Override
    protected long getMaxTextBufferSize() {
        return MESSAGE_BYTES_MAX;
    }

    @Override
    protected long getMaxBinaryBufferSize() {
        return MESSAGE_BYTES_MAX;
    }

    @Override
    protected void onText(WebSocketChannel channel, StreamSourceFrameChannel message)
            throws IOException {
        heard.run();
        super.onText(channel, message);
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
        said.accept(message.getData());
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        message.getData().free();
        said.accept("");
    }

    @Override
    protected void onFullPongMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        message.getData().free();
        heard.run();
    }

    /* RFC 6455, section 5.5.3: of several pings only the last one has to be answered. */
    @Override
    protected void onFullPingMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        heard.run();
        var data = message.getData();
        if (ponging) {
            data.free();
            return;
        }
        ponging = true;
        WebSockets.sendPong(data.getResource(), channel, once(() -> ponging = false, data::free));
    }

    @Override
    protected void onFullCloseMessage(WebSocketChannel channel, BufferedBinaryMessage message)
            throws IOException {
        super.onFullCloseMessage(channel, message);
        gone.run();
    }

    /* Where Undertow has told the client what was wrong, whoever is told here lets it be read. */
    @Override
    protected void onError(WebSocketChannel channel, Throwable error) {
        gone.run();
    }
}
