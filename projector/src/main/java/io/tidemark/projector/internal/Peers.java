package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Forward;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Passes questions on to other instances. What is passed on carries the header {@value #HOP}, and
 * who is asked with it answers from its own stores alone, so nothing goes in circles. What comes of
 * them is counted: while an instance is away, they are too many for a log. Thread-safe.
 */
public final class Peers implements AutoCloseable {
    /**
     * Header of a question that another instance has passed on: the generation of the results that
     * it answers from.
     */
    static final String HOP = "Tidemark-Hop";

    private static final Logger LOGGER = LoggerFactory.getLogger(Peers.class);
    private static final int UNAVAILABLE = 503;

    private final ProjectorMetrics metrics;
    private final String generation;
    private final Patience patience;
    private final HttpClient client;

    /**
     * Nobody has been asked anything.
     *
     * @param generation of the results that are asked for
     */
    public Peers(ProjectorMetrics metrics, int generation) {
        this(metrics, generation, Patience.DEFAULT);
    }

    Peers(ProjectorMetrics metrics, int generation, Patience patience) {
        this.metrics = metrics;
        this.generation = Integer.toString(generation);
        this.patience = patience;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(patience.connect())
                        .build();
    }

    /** How long they are waited for. */
    Patience patience() {
        return patience;
    }

    /** A question that is under way. Confined to whoever asked it. */
    final class Pending {
        private final URI base;
        private final CompletableFuture<HttpResponse<byte[]>> exchange;

        private Pending(URI base, CompletableFuture<HttpResponse<byte[]>> exchange) {
            this.base = base;
            this.exchange = exchange;
        }

        /**
         * Waits for the whole answer.
         *
         * @param max longest time from now on
         * @return empty if there is none in time
         */
        Optional<HttpResponse<byte[]>> await(Duration max) throws InterruptedException {
            try {
                var reply = exchange.get(max.toNanos(), TimeUnit.NANOSECONDS);
                metrics.forwarded(
                        reply.statusCode() == UNAVAILABLE ? Forward.UNAVAILABLE : Forward.ANSWERED);
                return Optional.of(reply);
            } catch (ExecutionException e) {
                LOGGER.atDebug()
                        .addKeyValue("address", base)
                        .addKeyValue("error", String.valueOf(e.getCause()))
                        .log("projector instance not reached");
            } catch (TimeoutException e) {
                LOGGER.atDebug()
                        .addKeyValue("address", base)
                        .addKeyValue("durationMs", max.toMillis())
                        .log("projector instance did not answer in time");
            } finally {
                exchange.cancel(true);
            }
            metrics.forwarded(Forward.UNREACHABLE);
            return Optional.empty();
        }
    }

    /**
     * Asks another instance.
     *
     * @param resource path and query
     */
    Pending ask(URI base, String resource) {
        var request =
                HttpRequest.newBuilder(base.resolve(resource)).header(HOP, generation).build();
        return new Pending(base, client.sendAsync(request, BodyHandlers.ofByteArray()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
