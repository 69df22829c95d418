package io.tidemark.standalone.plain;

import io.undertow.server.HttpServerExchange;

import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One response: a place in its stream's array, from which frames go to the socket for as long as it
 * takes them. Confined to the connection's I/O thread, but for {@link #wake}.
 */
final class PlainReader {
    private static final int FRAMES_PER_WRITE = 64;

    private final PlainStream stream;
    private final HttpServerExchange exchange;
    private final StreamSinkChannel channel;
    private final AtomicBoolean awake = new AtomicBoolean();
    private ByteBuffer[] unwritten = new ByteBuffer[0];
    private int next;
    private boolean blocked;
    private boolean over;

    /**
     * A response that has not begun.
     *
     * @param next index of the first frame to write
     */
    PlainReader(PlainStream stream, HttpServerExchange exchange, int next) {
        this.stream = stream;
        this.exchange = exchange;
        this.next = next;
        this.channel = exchange.getResponseChannel();
        channel.getWriteSetter().set(_ -> writable());
    }

    /** Looks for frames soon. Thread-safe. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            exchange.getIoThread().execute(this::woken);
        }
    }

    private void woken() {
        awake.set(false);
        if (!blocked && !over) {
            pump();
        }
    }

    private void writable() {
        channel.suspendWrites();
        blocked = false;
        pump();
    }

    private void pump() {
        try {
            while (flushed()) {
                unwritten = stream.from(next, FRAMES_PER_WRITE);
                next += unwritten.length;
                if (unwritten.length == 0) {
                    if (stream.over(next)) {
                        finish();
                    } else {
                        flush();
                    }
                    return;
                }
            }
        } catch (IOException e) {
            leave();
        }
    }

    private boolean flushed() throws IOException {
        while (unwritten.length > 0) {
            if (channel.write(unwritten) == 0) {
                block();
                return false;
            }
            int done = 0;
            while (done < unwritten.length && !unwritten[done].hasRemaining()) {
                done++;
            }
            unwritten = Arrays.copyOfRange(unwritten, done, unwritten.length);
        }
        return true;
    }

    private void flush() throws IOException {
        if (!channel.flush()) {
            block();
        }
    }

    private void block() {
        blocked = true;
        channel.resumeWrites();
    }

    private void finish() {
        over = true;
        stream.detach(this);
        exchange.endExchange();
    }

    private void leave() {
        over = true;
        stream.detach(this);
        IoUtils.safeClose(exchange.getConnection());
    }
}
