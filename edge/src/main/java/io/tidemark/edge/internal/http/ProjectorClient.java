package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the projector's query endpoint for responses, a bounded number at a time. Thread-safe; never
 * blocks.
 */
public final class ProjectorClient implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectorClient.class);

    private static final String TENANT = "tenant";
    private static final int UNDER_WAY_MAX = 1_000;
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

        /** It was not asked: too many questions wait for it. */
        record Busy() implements Answer {}
    }

    private final URI base;
    private final Duration timeout;
    private final Semaphore room;
    private final HttpClient client;

    /**
     * A client.
     *
     * @param base address of the query endpoint
     * @param timeout longest time for an answer, to its last byte
     */
    public ProjectorClient(URI base, Duration timeout) {
        this(base, timeout, UNDER_WAY_MAX);
    }

    ProjectorClient(URI base, Duration timeout, int underWayMax) {
        this.base = base;
        this.timeout = timeout;
        this.room = new Semaphore(underWayMax);
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    /**
     * Asks for a response.
     *
     * @param tenant whose it has to be; another's is unknown
     * @param minSequence the projector waits a while until it has seen this event; -1 for no wait
     * @param use told the answer, always; on a thread of the client, or within the call
     */
    void response(StreamId id, @Nullable String tenant, long minSequence, Consumer<Answer> use) {
        if (!room.tryAcquire()) {
            use.accept(new Answer.Busy());
            return;
        }
        /* The request's own timeout ends with the headers, and a copy's does not reach the exchange. */
        var exchange = client.sendAsync(request(id, minSequence), BodyHandlers.ofString());
        var _ =
                exchange.copy()
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .handle((response, e) ->
                                e == null ? answer(response, tenant) : unreachable(e))
                        .thenAccept(answer -> {
                            room.release();
                            exchange.cancel(true);
                            use.accept(answer);
                        });
    }

    private static Answer unreachable(Throwable e) {
        LOGGER.atWarn().addKeyValue("error", e.toString()).log("projector did not answer");
        return new Answer.Unavailable();
    }

    private HttpRequest request(StreamId id, long minSequence) {
        var wait = minSequence < 0 ? "" : "?minSequence=" + minSequence + "&waitMs=" + waitMs();
        return HttpRequest.newBuilder(base.resolve("/v1/responses/" + id + wait)).build();
    }

    /* Less than the timeout, so that the projector has time to say what it has. */
    private long waitMs() {
        return Math.min(WAIT_MAX.toMillis(), timeout.toMillis() / 2);
    }

    private static Answer answer(HttpResponse<String> response, @Nullable String tenant) {
        return switch (response.statusCode()) {
            case 200 -> found(response.body(), tenant);
            case 404 -> new Answer.Unknown();
            default -> {
                LOGGER.atWarn()
                        .addKeyValue("statusCode", response.statusCode())
                        .log("projector cannot answer");
                yield new Answer.Unavailable();
            }
        };
    }

    private static Answer found(String json, @Nullable String tenant) {
        try {
            return Objects.equals(Json.text(json, TENANT), tenant)
                    ? new Answer.Found(json)
                    : new Answer.Unknown();
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getClass().getName())
                    .log("projector answered what is no response");
            return new Answer.Unavailable();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
