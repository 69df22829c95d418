package io.tidemark.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks edges for streams and lists. Thread-safe. */
final class Asker implements AutoCloseable {
    /** How long an edge has for an answer; it gives up on projectors much earlier itself. */
    static final Duration ANSWER_MAX = Duration.ofMinutes(2);

    private final List<URI> edges;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Asker(List<URI> edges) {
        this.edges = List.copyOf(edges);
    }

    /** How many edges there are. */
    int edges() {
        return edges.size();
    }

    /**
     * Asks for something.
     *
     * @param path with its query
     * @param seen the sequence that the edge is told was seen; -1 for none
     * @throws IOException if there is no answer
     */
    HttpAnswer get(int edge, String path, long seen) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(edges.get(edge).resolve(path));
        if (seen >= 0) {
            request.header("Last-Event-ID", Long.toString(seen));
        }
        var sent = http.sendAsync(request.build(), BodyHandlers.ofString());
        try {
            var response = sent.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            return new HttpAnswer(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").isPresent(),
                    response.body());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException("nothing came for " + ANSWER_MAX, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
