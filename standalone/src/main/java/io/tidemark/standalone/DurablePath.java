package io.tidemark.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;

import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;

/** The client speaks to an edge; worker and Kafka are between it and the provider. */
final class DurablePath implements LatencyPath {
    private final TidemarkClient client;

    DurablePath(URI edge) {
        this.client = new TidemarkClient(edge);
    }

    @Override
    public EventStream open(ObjectNode request) throws IOException, InterruptedException {
        return client.events(client.start("openai.responses", request), OptionalLong.empty());
    }

    @Override
    public String text(ReceivedEvent event) {
        return event.type().equals("text.delta")
                ? TextAssembly.json(event).path("text").asText()
                : "";
    }

    @Override
    public OptionalLong stampedAtMs(ReceivedEvent event) {
        return OptionalLong.of(TextAssembly.json(event).path("at").asLong());
    }

    @Override
    public boolean completed(ReceivedEvent event) {
        return event.type().equals("stream.completed");
    }

    @Override
    public void close() {
        client.close();
    }
}
