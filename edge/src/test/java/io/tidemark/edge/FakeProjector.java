package io.tidemark.edge;

import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.joining;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The projector's query endpoint, with canned answers. */
public final class FakeProjector implements AutoCloseable {
    private final HttpServer server;
    public final Map<String, String> responses = new ConcurrentHashMap<>();
    public final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** Ids of erased streams and whose they were. */
    public final Map<String, String> erased = new ConcurrentHashMap<>();

    /** Ids of each tenant's streams; those of nobody under an empty name. */
    public final Map<String, List<String>> streams = new ConcurrentHashMap<>();

    public volatile int failure;

    /** What is said with a failure. */
    public volatile String problem = "{}";

    public FakeProjector() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/responses/", this::answer);
        server.createContext("/v1/streams", this::list);
        server.start();
    }

    /* As projectors list, but without filters. */
    private void list(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            var query = new HashMap<String, String>();
            for (var pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
                var parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            var wanted =
                    streams.getOrDefault(query.getOrDefault("tenant", ""), List.of()).stream()
                            .sorted(reverseOrder())
                            .filter(id -> id.compareTo(query.getOrDefault("before", "~")) < 0)
                            .toList();
            int limit = Integer.parseInt(query.getOrDefault("limit", "50"));
            var page = wanted.subList(0, Math.min(limit, wanted.size()));
            var next = page.size() < wanted.size() ? ",\"next\":\"" + page.getLast() + "\"" : "";
            var entries =
                    page.stream()
                            .map(id -> "{\"requestId\":\"" + id + "\",\"status\":\"completed\"}")
                            .collect(joining(","));
            send(
                    exchange,
                    failure == 0 ? 200 : failure,
                    failure == 0 ? "{\"streams\":[" + entries + "]" + next + "}" : problem);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            var path = exchange.getRequestURI().getPath();
            var id = path.substring(path.lastIndexOf('/') + 1);
            if (erased.containsKey(id)) {
                send(exchange, 410, "{\"tenant\":\"" + erased.get(id) + "\"}");
                return;
            }
            var json = responses.get(id);
            if (failure != 0 || json == null) {
                send(exchange, failure == 0 ? 404 : failure, problem);
            } else {
                send(exchange, 200, json);
            }
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
