package io.tidemark.projector.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.tidemark.projector.ProjectorStartException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The query endpoint's sockets: the JDK's own HTTP server with a virtual thread per exchange. The
 * number of exchanges is bounded; one too many is told to come back, unless it asks how this
 * instance is. Thread-safe.
 *
 * <p>It stands inside the installation, between edges and projectors, and knows nothing of callers'
 * rights.
 */
public final class QueryServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(QueryServer.class);

    private static final String METRICS = "/metrics";
    /* Asked to find out how this instance is, which is most worth knowing when it is busy. */
    private static final Set<String> OPERATIONS = Set.of("/healthz", "/readyz");
    private static final Pattern GENERATION = Pattern.compile("[0-9]{1,9}");
    private static final int BACKLOG = 256;
    private static final int STOP_SECONDS_MAX = 1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int exchangesMax;
    private final Semaphore exchanges;
    private final URI address;

    private QueryServer(HttpServer server, int exchangesMax) {
        this.server = server;
        this.exchangesMax = exchangesMax;
        this.exchanges = new Semaphore(exchangesMax);
        var bound = server.getAddress();
        var host = bound.getAddress().getHostAddress();
        var literal = host.contains(":") ? "[" + host + "]" : host;
        this.address = URI.create("http://" + literal + ":" + bound.getPort());
    }

    /**
     * Takes the address, without answering yet.
     *
     * @param port 0 for one the system chooses
     * @param exchangesMax most exchanges at a time
     * @throws ProjectorStartException if the address cannot be had
     */
    public static QueryServer bind(String host, int port, int exchangesMax) {
        try {
            var address = new InetSocketAddress(host, port);
            return new QueryServer(HttpServer.create(address, BACKLOG), exchangesMax);
        } catch (IOException e) {
            throw new ProjectorStartException(
                    "cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()), e);
        }
    }

    /**
     * Starts to answer.
     *
     * @param handlers gives each request its handler, by the generation of results that another
     *     instance has asked for; empty for whichever counts
     * @param metricsScrape what {@code GET /metrics} answers, in Prometheus's text format
     */
    public void start(
            Function<OptionalInt, QueryHandler> handlers, Supplier<String> metricsScrape) {
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, handlers, metricsScrape));
        server.start();
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    /**
     * {@code HOST:PORT} that other hosts reach it at, as far as this one can tell.
     *
     * @throws ProjectorStartException if it listens on any address and the host has no name
     */
    public String advertised() {
        if (!server.getAddress().getAddress().isAnyLocalAddress()) {
            return address.getHost() + ":" + address.getPort();
        }
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + address.getPort();
        } catch (UnknownHostException e) {
            throw new ProjectorStartException(
                    "the host has no name to be reached at: set the advertised address", e);
        }
    }

    private void serve(
            HttpExchange exchange,
            Function<OptionalInt, QueryHandler> handlers,
            Supplier<String> metricsScrape)
            throws IOException {
        var path = exchange.getRequestURI().getRawPath();
        try (exchange) {
            if (path.equals(METRICS)) {
                send(exchange, metrics(exchange.getRequestMethod(), metricsScrape));
                return;
            }
            if (OPERATIONS.contains(path)) {
                answer(exchange, handlers.apply(OptionalInt.empty()));
                return;
            }
            if (!exchanges.tryAcquire()) {
                send(exchange, Reply.unavailable("busy", "too many exchanges at once"));
                return;
            }
            try {
                answer(exchange, handlers.apply(generation(exchange)));
            } finally {
                exchanges.release();
            }
        }
    }

    private static Reply metrics(String method, Supplier<String> metricsScrape) {
        return method.equals("GET")
                ? Reply.metrics(metricsScrape.get())
                : Reply.methodNotAllowed("GET");
    }

    private static OptionalInt generation(HttpExchange exchange) {
        var asked = exchange.getRequestHeaders().getFirst(Peers.HOP);
        return asked != null && GENERATION.matcher(asked).matches()
                ? OptionalInt.of(Integer.parseInt(asked))
                : OptionalInt.empty();
    }

    private static void answer(HttpExchange exchange, QueryHandler handler) throws IOException {
        try {
            handler.handle(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders().containsKey(Peers.HOP),
                    reply -> send(exchange, reply));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send(exchange, Reply.unavailable("stopping", "this instance is stopping"));
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("query failed");
            send(
                    exchange,
                    Reply.of(Problem.of(500, "internal", "Internal error", "the query failed")));
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", reply.mediaType());
        headers.set("Cache-Control", "no-store");
        reply.headers().forEach(headers::set);
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }

    @Override
    public void close() {
        /* With nothing to wait for, the JDK's server waits nevertheless. */
        boolean idle = exchanges.availablePermits() == exchangesMax;
        server.stop(idle ? 0 : STOP_SECONDS_MAX);
        threads.shutdownNow();
    }
}
