package io.tidemark.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Speaks the HTTP API of one edge. Each call opens a connection of its own where the last one was
 * cut; nothing is remembered between calls, so any call may go to any edge. Thread-safe.
 */
public final class TidemarkClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /* Longer than an edge waits for a stream to end. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(40);

    /* Code of docs/protocol.md, 8.8. */
    private static final String PROJECTOR_UNAVAILABLE = "projector_unavailable";
    /* Before a projector is asked again: what edges say in Retry-After. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /* How often it is asked for one response; an edge waits some seconds each time, too. */
    private static final int ASKED_MAX = 30;

    private final URI edge;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /** A client of the edge at that address. */
    public TidemarkClient(URI edge) {
        this.edge = edge;
    }

    /**
     * Starts a stream.
     *
     * @param api dialect of the provider, such as {@code openai.responses}
     * @param request the provider's native request body
     * @return the stream's id
     * @throws RefusedException if the edge refuses it
     */
    public String start(String api, ObjectNode request) throws IOException, InterruptedException {
        return start(JSON.createObjectNode().put("api", api), request);
    }

    /**
     * Starts a stream that is cancelled when nobody reads it any more.
     *
     * @param api dialect of the provider, such as {@code openai.responses}
     * @param request the provider's native request body
     * @return the stream's id
     * @throws RefusedException if the edge refuses it
     */
    public String startForReaders(String api, ObjectNode request)
            throws IOException, InterruptedException {
        var body = JSON.createObjectNode().put("api", api).put("onDisconnect", "cancel");
        return start(body, request);
    }

    private String start(ObjectNode body, ObjectNode request)
            throws IOException, InterruptedException {
        body.set("request", request);
        var answer = send(post("/v1/streams", body.toString()));
        return answer.path("requestId").asText();
    }

    /**
     * Opens the events of a stream.
     *
     * @param after the last sequence already seen; empty for all of them
     * @return the connection, or one that ends at once when nothing is left to be read
     * @throws RefusedException if the edge refuses it
     */
    public EventStream events(String id, OptionalLong after)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(edge.resolve("/v1/streams/" + id + "/events"))
                        .header("Accept", "text/event-stream");
        after.ifPresent(sequence -> request.header("Last-Event-ID", Long.toString(sequence)));
        var response = http.send(request.build(), BodyHandlers.ofInputStream());
        return switch (response.statusCode()) {
            case 200 -> EventStream.of(response.body());
            case 204 -> EventStream.of(InputStream.nullInputStream());
            default -> throw refused(response.statusCode(), response.body());
        };
    }

    /**
     * The folded response of a stream, partial or final. While no projector can answer, since it
     * starts or its partitions move, it is asked again, for half a minute at least.
     *
     * @param seen the last sequence taken in from any edge; the response is not older than that
     * @throws RefusedException if the edge refuses it, or no projector could answer in time
     */
    public JsonNode response(String id, long seen) throws IOException, InterruptedException {
        var address = edge.resolve("/v1/streams/" + id + "?after=" + seen);
        for (int asked = 1; ; asked++) {
            try {
                return send(HttpRequest.newBuilder(address));
            } catch (RefusedException e) {
                if (!e.code().equals(PROJECTOR_UNAVAILABLE) || asked == ASKED_MAX) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Stops the provider of a stream. */
    public JsonNode cancel(String id) throws IOException, InterruptedException {
        return send(post("/v1/streams/" + id + "/cancel", ""));
    }

    /**
     * Stops the provider of a stream and waits for its end.
     *
     * @param longest up to 30 s
     */
    public JsonNode cancel(String id, Duration longest) throws IOException, InterruptedException {
        return send(post("/v1/streams/" + id + "/cancel?wait=" + longest.toMillis(), ""));
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(edge.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response =
                http.send(request.timeout(ANSWER_TIMEOUT).build(), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        try (var body = response.body()) {
            return JSON.readTree(body);
        }
    }

    private static RefusedException refused(int status, InputStream body) throws IOException {
        try (body) {
            var problem = new String(body.readAllBytes(), UTF_8);
            return new RefusedException(status, problem, code(problem));
        }
    }

    /* Whatever stands between may answer in another format. */
    private static String code(String problem) {
        try {
            return JSON.readTree(problem).path("code").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
