package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/** A tenant of an edge, who starts streams and reads them to their ends. */
record TenantStreams(URI edge, HttpClient http, String key) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Asks a model something, and returns the stream's id when it has ended. */
    String ask(String model) throws IOException, InterruptedException {
        var id = start(model, Map.of());
        events(id);
        return id;
    }

    /** Starts a stream with what the simulator is to do, and returns its id. */
    String start(String model, Map<String, String> directives)
            throws IOException, InterruptedException {
        var body = JSON.createObjectNode().put("api", "openai.responses");
        body.set("request", TestSystem.request(model, directives));
        var started =
                send(
                        request("/v1/streams")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body.toString())));
        return JSON.readTree(started).path("requestId").asText();
    }

    /** The events of a stream, up to its end. */
    List<String> events(String id) throws IOException, InterruptedException {
        return send(request("/v1/streams/" + id + "/events")
                        .header("Accept", "application/x-ndjson"))
                .lines()
                .filter(line -> !line.isEmpty()) // a sign of life
                .toList();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(edge.resolve(path)).header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("answered with " + answer.statusCode());
        }
        return answer.body();
    }
}
