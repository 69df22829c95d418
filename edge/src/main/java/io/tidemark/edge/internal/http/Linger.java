package io.tidemark.edge.internal.http;

import io.undertow.server.HttpServerExchange;

import org.xnio.IoUtils;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a connection stays open for the rest of a request that is answered already: Undertow
 * reads it to its end before the next one, however long that does not come. Stateless.
 */
final class Linger {
    private static final Duration MAX = Duration.ofSeconds(3);

    private Linger() {}

    /** Begins the time; on the exchange's I/O thread, just before the answer is finished. */
    static void begin(HttpServerExchange exchange) {
        if (exchange.isRequestComplete()) {
            return;
        }
        var timer =
                exchange.getIoThread()
                        .executeAfter(
                                () -> IoUtils.safeClose(exchange.getConnection()),
                                MAX.toMillis(),
                                TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((_, next) -> {
            timer.remove();
            next.proceed();
        });
    }
}
