package io.tidemark.standalone;

import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.standalone.client.ReceivedEvent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A stream as a client on a slow link reads it: line by line, with deltas merged. */
final class Merged implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();

    /** The events of a stream, to its end. */
    List<String> events(URI edge, String id) throws IOException, InterruptedException {
        var place = edge.resolve("/v1/streams/" + id + "/events?batch=100");
        var request = HttpRequest.newBuilder(place).header("Accept", "application/x-ndjson");
        return http.send(request.build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** What folding the events gives. */
    static Optional<Response> folded(List<String> events) {
        var fold = new ResponseFold();
        for (var event : events) {
            fold.add(1, EventCodec.decode(event.getBytes(StandardCharsets.UTF_8)));
        }
        return fold.response();
    }

    static List<String> data(List<ReceivedEvent> events) {
        return events.stream().map(ReceivedEvent::data).toList();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
