package io.tidemark.devkit.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The server's end of a connection, which notices at once when the client goes away.
 *
 * <p>While an answer is being sent a second virtual thread reads: the end of the stream, or an
 * error, means that the client is gone; a byte means the start of the next request, and is kept for
 * it. Everything but that read is confined to the connection's thread.
 */
final class ClientConnection implements Waiter {

    private static final int LINGER_MS_MAX = 1_000;
    private static final int LINGER_BYTES_MAX = 1 << 20;

    private final Socket socket;
    private final OutputStream out;
    private final CountDownLatch gone = new CountDownLatch(1);
    private final PushbackInputStream in;
    private CompletableFuture<Integer> nextByte = new CompletableFuture<>();

    ClientConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Starts to look for the client's end; to be called once the request has been read. */
    void watch() {
        var watched = new CompletableFuture<Integer>();
        nextByte = watched;
        Thread.startVirtualThread(() -> {
            var next = readOrEnd();
            if (next < 0) {
                gone.countDown();
            }
            watched.complete(next);
        });
    }

    private int readOrEnd() {
        try {
            return in.read();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Waits for the next request; false when the client has closed instead. */
    boolean awaitNextRequest() throws IOException {
        int next = nextByte.join();
        if (next < 0) {
            return false;
        }
        in.unread(next);
        return true;
    }

    /** Waits, and says whether the client is gone. */
    @Override
    public boolean goneWithin(long nanos) {
        try {
            return gone.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public boolean isGone() {
        return gone.getCount() == 0;
    }

    /** Has something done when the client goes away, if it does so before its next request. */
    void whenGone(Runnable action) {
        var _ =
                nextByte.thenAccept(next -> {
                    if (next < 0) {
                        action.run();
                    }
                });
    }

    /** Waits until the client closes. */
    void awaitGone() {
        try {
            gone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the connection with RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /**
     * Ends the connection so that a client that is still sending reads the answer: closing with
     * unread input would be a reset, and could overtake it.
     */
    void closeAfterAnswer() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(LINGER_MS_MAX);
        var deadline = System.nanoTime() + Duration.ofMillis(LINGER_MS_MAX).toNanos();
        var discarded = new byte[8192];
        for (var total = 0; total < LINGER_BYTES_MAX && System.nanoTime() < deadline; ) {
            var count = in.read(discarded);
            if (count < 0) {
                return;
            }
            total += count;
        }
    }
}
