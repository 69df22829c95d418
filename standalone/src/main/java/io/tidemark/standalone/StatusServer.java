package io.tidemark.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Says how a process is that answers nothing else over HTTP: {@code docs/protocol.md}, section
 * 11.4. It answers from its start, so that whoever watches can tell a process that is starting or
 * stopping from one that hangs. Thread-safe, with a virtual thread per exchange.
 *
 * <pre>
 *   GET /healthz   200, the process answers
 *   GET /readyz    200 while the role works; 503 before and after, with what it does instead
 *   GET /metrics   all meters in Prometheus's text format
 * </pre>
 */
final class StatusServer implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int NOT_FOUND = 404;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Supplier<String> metricsScrape;
    private volatile State state = State.STARTING;

    private enum State {
        STARTING(503, "starting"),
        READY(200, "ready"),
        STOPPING(503, "stopping");

        private final int status;
        private final String word;

        State(int status, String word) {
            this.status = status;
            this.word = word;
        }
    }

    private record Answer(int status, String mediaType, String body) {}

    private StatusServer(HttpServer server, Supplier<String> metricsScrape) {
        this.server = server;
        this.metricsScrape = metricsScrape;
    }

    /**
     * Starts to answer; the role is starting.
     *
     * @param port 0 for one that the system chooses
     * @param metricsScrape what {@code GET /metrics} answers
     * @throws IllegalStateException if the address cannot be had
     */
    static StatusServer start(String host, int port, Supplier<String> metricsScrape) {
        try {
            var http = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
            var server = new StatusServer(http, metricsScrape);
            http.setExecutor(server.threads);
            http.createContext("/", server::serve);
            http.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()), e);
        }
    }

    /** Where it listens, {@code http://HOST:PORT}. */
    URI address() {
        var bound = server.getAddress();
        var host = bound.getAddress().getHostAddress();
        var literal = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + bound.getPort());
    }

    /**
     * The role works from now on.
     *
     * @return what says, when it is closed, that it stops; to be closed before the role is
     */
    AutoCloseable ready() {
        state = State.READY;
        return () -> state = State.STOPPING;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange);
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.mediaType());
            headers.set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange) {
        var known = known(exchange.getRequestURI().getRawPath());
        if (known.status() != NOT_FOUND && !exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            return new Answer(405, TEXT, "this resource can only be read\n");
        }
        return known;
    }

    private Answer known(String path) {
        var now = state;
        return switch (path) {
            case "/healthz" -> new Answer(200, TEXT, "ok\n");
            case "/readyz" -> new Answer(now.status, TEXT, now.word + "\n");
            case "/metrics" -> new Answer(200, PROMETHEUS, metricsScrape.get());
            default -> new Answer(NOT_FOUND, TEXT, "there is no such resource\n");
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
