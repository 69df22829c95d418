package io.tidemark.edge.internal.http;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;

import org.xnio.IoUtils;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Receives a request's body whole, within a size and a time. Immutable; nothing blocks.
 *
 * @param bytesMax largest body
 * @param timeout longest time from the end of the headers to the end of the body
 */
record Body(int bytesMax, Duration timeout) {
    /**
     * Receives.
     *
     * @param use told the body, on the I/O thread, within a call of its own
     * @throws ProblemException if the headers tell already that it is too large
     */
    void receive(Call call, Consumer<byte[]> use) {
        var exchange = call.exchange();
        if (exchange.getRequestContentLength() > bytesMax) {
            throw new ProblemException(Problem.bodyTooLarge(bytesMax));
        }
        var settled = new AtomicBoolean();
        var timer =
                exchange.getIoThread()
                        .executeAfter(
                                () -> {
                                    if (settled.compareAndSet(false, true)) {
                                        tooSlow(call);
                                    }
                                },
                                timeout.toMillis(),
                                TimeUnit.MILLISECONDS);
        var receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(bytesMax);
        receiver.receiveFullBytes(
                (_, bytes) -> {
                    timer.remove();
                    if (settled.compareAndSet(false, true)) {
                        use.accept(bytes);
                    }
                },
                (_, e) -> {
                    timer.remove();
                    if (settled.compareAndSet(false, true)) {
                        call.answer(failed(e));
                    }
                });
    }

    private Problem failed(Exception e) {
        return e instanceof Receiver.RequestToLargeException
                ? Problem.bodyTooLarge(bytesMax).with("Connection", "close")
                : Problem.invalid("body", "the body could not be received");
    }

    /* Nothing waits for the rest of such a body: the connection is closed behind the answer. */
    private void tooSlow(Call call) {
        HttpServerExchange exchange = call.exchange();
        exchange.setPersistent(false);
        call.answer(Problem.bodyTimeout(timeout));
        exchange.getIoThread()
                .executeAfter(
                        () -> IoUtils.safeClose(exchange.getConnection()), 1, TimeUnit.SECONDS);
    }
}
