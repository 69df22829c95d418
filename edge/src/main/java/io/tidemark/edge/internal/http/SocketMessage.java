package io.tidemark.edge.internal.http;

import io.undertow.websockets.core.StreamSinkFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSocketFrameType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One text message on its way to a client. A large one goes in fragments, each when the one before
 * was taken, so that no more than a buffer of it waits outside of its frame. Confined to the
 * connection's I/O thread.
 */
final class SocketMessage {
    /** Is told how it goes. */
    interface Progress {
        /** The client has taken some of it. */
        void moved();

        /** It was sent whole, some time after {@link #send()}. */
        void sent();

        /** The connection is broken. */
        void broken();
    }

    private final StreamSinkFrameChannel out;
    private final ByteBuffer rest;
    private final Progress progress;

    /** A message that is the next one to be sent. */
    SocketMessage(WebSocketChannel channel, ByteBuffer text, Progress progress) throws IOException {
        this.out = channel.send(WebSocketFrameType.TEXT);
        this.rest = text;
        this.progress = progress;
    }

    /** Sends it; returns whether that is done. */
    boolean send() throws IOException {
        while (rest.hasRemaining()) {
            if (out.write(rest) == 0) {
                await();
                return false;
            }
        }
        out.shutdownWrites();
        if (!out.flush()) {
            await();
            return false;
        }
        return true;
    }

    private void await() {
        out.getWriteSetter().set(_ -> writable());
        out.resumeWrites();
    }

    private void writable() {
        progress.moved();
        try {
            if (rest.hasRemaining() ? send() : out.flush()) {
                out.suspendWrites();
                progress.sent();
            }
        } catch (IOException e) {
            progress.broken();
        }
    }
}
