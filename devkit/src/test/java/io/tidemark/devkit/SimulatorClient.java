package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A plain client of the Responses API, and the bodies it sends. Thread-safe. */
final class SimulatorClient implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private final ProviderSimulator simulator;
    private final HttpClient http = HttpClient.newHttpClient();

    SimulatorClient(ProviderSimulator simulator) {
        this.simulator = simulator;
    }

    /** A streaming request with metadata from pairs of key and value. */
    static ObjectNode streaming(String model, String... metadata) {
        var body = whole(model, metadata);
        body.put("stream", true);
        return body;
    }

    static ObjectNode whole(String model, String... metadata) {
        var body = JSON.createObjectNode().put("model", model).put("input", "Why is the sea salt?");
        for (var i = 0; i < metadata.length; i += 2) {
            body.withObject("metadata").put(metadata[i], metadata[i + 1]);
        }
        return body;
    }

    HttpResponse<String> post(JsonNode body) throws IOException, InterruptedException {
        return post(body.toString(), "authorization", "Bearer test-key");
    }

    HttpResponse<String> post(String body, String... headers)
            throws IOException, InterruptedException {
        return postTo("/v1/responses", body, headers);
    }

    HttpResponse<String> postTo(String target, String body, String... headers)
            throws IOException, InterruptedException {
        return http.send(
                posting(target, HttpRequest.BodyPublishers.ofString(body), headers),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A streaming request through any API, with a key. */
    HttpResponse<String> post(SimulatedApi api, String model, String... metadata)
            throws IOException, InterruptedException {
        return send(api, api.streaming(model, metadata), model);
    }

    HttpResponse<String> send(SimulatedApi api, JsonNode body, String model)
            throws IOException, InterruptedException {
        return postTo(api.target(model), body.toString(), api.headers());
    }

    HttpResponse<byte[]> bytes(SimulatedApi api, String model, String... metadata)
            throws IOException, InterruptedException {
        var body = HttpRequest.BodyPublishers.ofString(api.streaming(model, metadata).toString());
        return http.send(
                posting(api.target(model), body, api.headers()),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest posting(String target, HttpRequest.BodyPublisher body, String... headers) {
        var uri = URI.create("http://127.0.0.1:" + simulator.port() + target);
        var request = HttpRequest.newBuilder(uri).POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    HttpResponse<String> request(String method, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + simulator.port() + path);
        var request =
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The events of a streamed answer, checked to be framed as SSE with matching names. */
    List<JsonNode> events(JsonNode body) throws IOException, InterruptedException {
        return eventsOf(post(body).body());
    }

    static List<JsonNode> eventsOf(String stream) throws IOException {
        var events = new ArrayList<JsonNode>();
        for (var frame : stream.split("\n\n", -1)) {
            if (frame.isEmpty()) {
                continue;
            }
            var lines = frame.split("\n", -1);
            var event = JSON.readTree(lines[1].substring("data: ".length()));
            if (lines.length != 2 || !lines[0].equals("event: " + event.path("type").asText())) {
                throw new AssertionError("not a frame: " + frame);
            }
            events.add(event);
        }
        return events;
    }

    /** The JSON of a stream whose events are data alone, up to {@code [DONE]} if that comes. */
    static List<JsonNode> dataOf(String stream, String lineEnd) throws IOException {
        var chunks = new ArrayList<JsonNode>();
        for (var frame : stream.split(lineEnd + lineEnd, -1)) {
            if (frame.isEmpty() || frame.equals("data: [DONE]")) {
                continue;
            }
            if (!frame.startsWith("data: ") || frame.indexOf('\n') >= 0) {
                throw new AssertionError("not a frame: " + frame);
            }
            chunks.add(JSON.readTree(frame.substring("data: ".length())));
        }
        return chunks;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
