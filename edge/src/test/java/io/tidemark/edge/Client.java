package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** A client of one edge. */
final class Client implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String START =
            """
            {"api":"openai.responses","request":{"model":"sim-answer","input":"hello"}}\
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final @Nullable String key;

    Client(Edge edge) {
        this(edge, null);
    }

    /** A client that shows this key with everything it asks for. */
    Client(Edge edge, @Nullable String key) {
        this.base = edge.address();
        this.key = key;
    }

    URI base() {
        return base;
    }

    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<InputStream> stream(HttpRequest.Builder request) throws Exception {
        return stream(request, "text/event-stream");
    }

    HttpResponse<InputStream> stream(HttpRequest.Builder request, String type) throws Exception {
        return http.send(request.header("Accept", type).build(), BodyHandlers.ofInputStream());
    }

    /** Reads from the beginning. */
    Sse events(StreamId id) throws Exception {
        return openStream(request(events(id, "")));
    }

    Sse eventsAfter(StreamId id, long after) throws Exception {
        return openStream(request(events(id, "")).header("Last-Event-ID", Long.toString(after)));
    }

    Sse openStream(HttpRequest.Builder request) throws Exception {
        var response = stream(request);
        if (response.statusCode() != 200) {
            throw new AssertionError(
                    response.statusCode()
                            + ": "
                            + new String(response.body().readAllBytes(), UTF_8));
        }
        return new Sse(response.body());
    }

    static String events(StreamId id, String query) {
        return "/v1/streams/" + id + "/events" + query;
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** Checks that the answer is a problem of this kind, and returns it. */
    static JsonNode problem(HttpResponse<String> response, int status, String code)
            throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        var problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("type").asText()).isEqualTo("urn:tidemark:problem:" + code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        return problem;
    }

    static List<String> data(List<Sse.Event> events) {
        return events.stream().map(Sse.Event::data).toList();
    }

    static List<String> ids(List<Sse.Event> events) {
        return events.stream().map(Sse.Event::id).toList();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
