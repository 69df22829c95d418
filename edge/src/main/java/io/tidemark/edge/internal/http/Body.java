package io.tidemark.edge.internal.http;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Receives requests' bodies whole, each within a size and a time, and all of them within an amount
 * of memory: room for a body is taken before it is received, and given back when it was used.
 * Thread-safe; nothing blocks.
 */
final class Body {
    private static final int KIB = 1_024;

    private final int bytesMax;
    private final Duration timeout;
    private final Semaphore roomKib;

    /**
     * No body yet.
     *
     * @param bytesMax largest body
     * @param bytesMaxOfAll most bytes of all bodies that are received or used, at least the largest
     * @param timeout longest time from the end of the headers to the end of the body
     */
    Body(int bytesMax, long bytesMaxOfAll, Duration timeout) {
        this.bytesMax = bytesMax;
        this.timeout = timeout;
        this.roomKib = new Semaphore(kib(bytesMaxOfAll));
    }

    private static int kib(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, KIB));
    }

    /**
     * Receives.
     *
     * @param use told the body, on a virtual thread; it is not kept when that returns
     * @throws ProblemException if the headers tell already that it is too large, or if there is no
     *     room
     */
    void receive(Call call, Consumer<byte[]> use) {
        long announced = call.exchange().getRequestContentLength();
        if (announced > bytesMax) {
            throw new ProblemException(Problem.bodyTooLarge(bytesMax));
        }
        var release = reserve(call.exchange(), kib(announced < 0 ? bytesMax : announced));
        var settled = new AtomicBoolean();
        var timer =
                call.exchange()
                        .getIoThread()
                        .executeAfter(
                                () -> {
                                    if (settled.compareAndSet(false, true)) {
                                        tooSlow(call);
                                    }
                                },
                                timeout.toMillis(),
                                TimeUnit.MILLISECONDS);
        var receiver = call.exchange().getRequestReceiver();
        receiver.setMaxBufferSize(bytesMax);
        receiver.receiveFullBytes(
                (_, bytes) -> {
                    timer.remove();
                    if (settled.compareAndSet(false, true)) {
                        call.blocking(() -> use(bytes, use, release));
                    }
                },
                (_, e) -> {
                    timer.remove();
                    if (settled.compareAndSet(false, true)) {
                        call.answer(failed(e));
                    }
                });
    }

    private static void use(byte[] bytes, Consumer<byte[]> use, Runnable release) {
        try {
            use.accept(bytes);
        } finally {
            release.run();
        }
    }

    /* Whatever becomes of the request, it completes, if only because its connection is closed. */
    private Runnable reserve(HttpServerExchange exchange, int kib) {
        if (!roomKib.tryAcquire(kib)) {
            throw new ProblemException(
                    Problem.unavailable("busy", "too many request bodies are on their way"));
        }
        var released = new AtomicBoolean();
        Runnable release =
                () -> {
                    if (released.compareAndSet(false, true)) {
                        roomKib.release(kib);
                    }
                };
        exchange.addExchangeCompleteListener((_, next) -> {
            release.run();
            next.proceed();
        });
        return release;
    }

    private Problem failed(Exception e) {
        return e instanceof Receiver.RequestToLargeException
                ? Problem.bodyTooLarge(bytesMax).with("Connection", "close")
                : Problem.invalid("body", "the body could not be received");
    }

    private void tooSlow(Call call) {
        call.exchange().setPersistent(false);
        call.answer(Problem.bodyTimeout(timeout));
    }
}
