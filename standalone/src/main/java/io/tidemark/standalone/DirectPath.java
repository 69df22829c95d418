package io.tidemark.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.OptionalLong;

/** The client speaks to the provider itself. */
final class DirectPath implements LatencyPath {
    private final URI provider;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    DirectPath(URI provider) {
        this.provider = provider;
    }

    @Override
    public EventStream open(ObjectNode request) throws IOException, InterruptedException {
        var post =
                HttpRequest.newBuilder(URI.create(provider + "/responses"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(request.put("stream", true).toString()))
                        .build();
        return EventStream.of(http.send(post, BodyHandlers.ofInputStream()).body());
    }

    @Override
    public String text(ReceivedEvent event) {
        return event.type().equals("response.output_text.delta")
                ? TextAssembly.json(event).path("delta").asText()
                : "";
    }

    @Override
    public OptionalLong stampedAtMs(ReceivedEvent event) {
        return OptionalLong.empty();
    }

    @Override
    public boolean completed(ReceivedEvent event) {
        return event.type().equals("response.completed");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
