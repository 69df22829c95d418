package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks the projector's query endpoint for responses. Thread-safe; never blocks. */
public final class Projector implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Projector.class);

    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    /** What the projector says. */
    sealed interface Answer {
        /** The response, as far as it knows it; JSON, to be passed on unchanged. */
        record Found(String json) implements Answer {
            @Override
            public String toString() {
                return "Found[chars=" + json.length() + "]";
            }
        }

        /** It has seen no event of the stream. */
        record Unknown() implements Answer {}

        /** It cannot say, now. */
        record Unavailable() implements Answer {}
    }

    private final URI base;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * A client.
     *
     * @param base address of the query endpoint
     * @param timeout longest time for an answer
     */
    public Projector(URI base, Duration timeout) {
        this.base = base;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    /**
     * Asks for a response.
     *
     * @param minSequence the projector waits a while until it has seen this event; -1 for no wait
     * @param use told the answer, always, on a thread of the client
     */
    void response(StreamId id, long minSequence, Consumer<Answer> use) {
        var _ =
                client.sendAsync(request(id, minSequence), BodyHandlers.ofString())
                        .handle((response, e) -> e == null ? answer(response) : unreachable(e))
                        .thenAccept(use);
    }

    private static Answer unreachable(Throwable e) {
        LOGGER.atWarn().addKeyValue("error", e.toString()).log("projector did not answer");
        return new Answer.Unavailable();
    }

    private HttpRequest request(StreamId id, long minSequence) {
        var wait = minSequence < 0 ? "" : "?minSequence=" + minSequence + "&waitMs=" + waitMs();
        return HttpRequest.newBuilder(base.resolve("/v1/responses/" + id + wait))
                .timeout(timeout)
                .build();
    }

    /* Less than the timeout, so that the projector has time to say what it has. */
    private long waitMs() {
        return Math.min(WAIT_MAX.toMillis(), timeout.toMillis() / 2);
    }

    private static Answer answer(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200 -> new Answer.Found(response.body());
            case 404 -> new Answer.Unknown();
            default -> {
                LOGGER.atWarn()
                        .addKeyValue("statusCode", response.statusCode())
                        .log("projector cannot answer");
                yield new Answer.Unavailable();
            }
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
