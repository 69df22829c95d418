package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.tidemark.edge.internal.live.EdgeMetrics;
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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks projectors' query endpoints, a bounded number of questions at a time. Any of them may be
 * asked for anything; the next one is where one cannot be reached or cannot say, each once at most,
 * and all within the time for an answer. Thread-safe; never blocks.
 */
public final class ProjectorClient implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectorClient.class);

    private static final String TENANT = "tenant";
    private static final int UNDER_WAY_MAX = 1_000;
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int GONE = 410;
    private static final int UNAVAILABLE = 503;

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

        /** The stream was erased. */
        record Erased() implements Answer {}

        /** It cannot say, now. */
        record Unavailable(Absent why) implements Answer {}

        /** It was not asked: too many questions wait for it. */
        record Busy() implements Answer {}
    }

    /**
     * Why there is no answer.
     *
     * @param reason code of {@code docs/protocol.md}, section 8.8, or {@value #UNREACHABLE}
     * @param partitions those that there is none about, where several were asked about
     */
    record Absent(String reason, List<Integer> partitions) {
        /** No projector said anything. */
        static final String UNREACHABLE = "unreachable";

        Absent {
            partitions = List.copyOf(partitions);
        }

        static Absent unreachable() {
            return new Absent(UNREACHABLE, List.of());
        }

        /* What a projector sends as a problem; anything else says nothing. */
        static Absent of(String problem) {
            var tree = tree(problem);
            var partitions = new ArrayList<Integer>();
            tree.path("partitions").forEach(partition -> partitions.add(partition.asInt()));
            return new Absent(tree.path("code").asText(UNREACHABLE), partitions);
        }

        private static JsonNode tree(String problem) {
            try {
                return Json.MAPPER.readTree(problem);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }

        /** Whether another projector may say more: it would go to the same one for this. */
        boolean anotherMayKnow() {
            return !reason.equals("behind");
        }
    }

    private final ProjectorAddresses addresses;
    private final Duration timeout;
    private final EdgeMetrics metrics;
    private final Semaphore room;
    private final HttpClient client;

    /**
     * A client.
     *
     * @param bases addresses of query endpoints; at least one
     * @param timeout longest time for an answer, to its last byte
     */
    public ProjectorClient(List<URI> bases, Duration timeout, EdgeMetrics metrics) {
        this(bases, timeout, metrics, UNDER_WAY_MAX);
    }

    ProjectorClient(List<URI> bases, Duration timeout, EdgeMetrics metrics, int underWayMax) {
        this.addresses = new ProjectorAddresses(bases, System::nanoTime);
        this.timeout = timeout;
        this.metrics = metrics;
        this.room = new Semaphore(underWayMax);
        var connectMax = timeout.compareTo(CONNECT_MAX) < 0 ? timeout : CONNECT_MAX;
        this.client = HttpClient.newBuilder().connectTimeout(connectMax).build();
    }

    /**
     * Asks for a response.
     *
     * @param tenant whose it has to be; another's is unknown
     * @param minSequence the projector waits a while until it has seen this event; -1 for no wait
     * @param use told the answer, always; on a thread of the client, or within the call
     */
    void response(StreamId id, @Nullable String tenant, long minSequence, Consumer<Answer> use) {
        var wait = minSequence < 0 ? "" : "?minSequence=" + minSequence + "&waitMs=" + waitMs();
        ask(
                "/v1/responses/" + id + wait,
                (statusCode, json) -> answer(statusCode, json, tenant),
                use);
    }

    /**
     * Asks for a part of a list.
     *
     * @param query what is asked for ({@code docs/protocol.md}, section 8.7)
     * @param use told the answer, as {@link #response} does; it is never unknown
     */
    void list(String query, Consumer<Answer> use) {
        ask("/v1/streams?" + query, (_, json) -> new Answer.Found(json), use);
    }

    private void ask(String resource, Reading reading, Consumer<Answer> use) {
        if (!room.tryAcquire()) {
            use.accept(new Answer.Busy());
            return;
        }
        var question = new Question(resource, reading, addresses.inOrder().iterator());
        var _ =
                question.answer
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(_ -> question.lost())
                        .thenAccept(answer -> {
                            room.release();
                            question.end();
                            use.accept(answer);
                        });
        question.askNext();
    }

    /* Less than the timeout, so that the projector has time to say what it has. */
    private long waitMs() {
        return Math.min(WAIT_MAX.toMillis(), timeout.toMillis() / 2);
    }

    private static Answer answer(int statusCode, String json, @Nullable String tenant) {
        var answer = statusCode == GONE ? new Answer.Erased() : new Answer.Found(json);
        return ifOf(tenant, json, answer);
    }

    /* What is said of another's stream is said of none. */
    private static Answer ifOf(@Nullable String tenant, String json, Answer answer) {
        try {
            return Objects.equals(Json.text(json, TENANT), tenant) ? answer : new Answer.Unknown();
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getClass().getName())
                    .log("projector answered what is no response");
            return new Answer.Unavailable(Absent.unreachable());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Makes an answer of what was found, or of what a projector says of what is gone. */
    @FunctionalInterface
    private interface Reading {
        Answer of(int statusCode, String json);
    }

    /** One question, put to one projector after the other; the next when the one before is done. */
    private final class Question {
        private final String resource;
        private final Reading reading;
        private final Iterator<URI> order;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        /* Written by whoever asks next, read by whoever gives up. */
        private volatile @Nullable Asked asked;
        private @Nullable Absent first;

        Question(String resource, Reading reading, Iterator<URI> order) {
            this.resource = resource;
            this.reading = reading;
            this.order = order;
        }

        void askNext() {
            var base = order.next();
            var request = HttpRequest.newBuilder(base.resolve(resource)).build();
            /* The request's own timeout ends with the headers, and a copy's does not reach the exchange. */
            var exchange = client.sendAsync(request, BodyHandlers.ofString());
            asked = new Asked(base, exchange);
            if (answer.isDone()) {
                exchange.cancel(true);
            }
            var _ = exchange.copy().handle((response, e) -> heard(base, response, e));
        }

        private boolean heard(
                URI base, @Nullable HttpResponse<String> response, @Nullable Throwable e) {
            if (answer.isDone()) {
                /* Nobody waits any more, and this was cancelled for it. */
                return false;
            }
            if (response == null) {
                LOGGER.atWarn()
                        .addKeyValue("address", base)
                        .addKeyValue("error", String.valueOf(e))
                        .log("projector did not answer");
                addresses.failed(base);
                return goOn(Absent.unreachable());
            }
            addresses.answered(base);
            return switch (response.statusCode()) {
                case OK, GONE ->
                        answer.complete(reading.of(response.statusCode(), response.body()));
                case 404 -> answer.complete(new Answer.Unknown());
                default -> {
                    LOGGER.atWarn()
                            .addKeyValue("address", base)
                            .addKeyValue("statusCode", response.statusCode())
                            .log("projector cannot answer");
                    yield goOn(why(response));
                }
            };
        }

        private static Absent why(HttpResponse<String> response) {
            return response.statusCode() == UNAVAILABLE
                    ? Absent.of(response.body())
                    : Absent.unreachable();
        }

        /* What a projector says counts for more than that another one says nothing. */
        private boolean goOn(Absent why) {
            if (first == null || first.reason().equals(Absent.UNREACHABLE)) {
                first = why;
            }
            if (!order.hasNext() || answer.isDone() || !why.anotherMayKnow()) {
                return answer.complete(new Answer.Unavailable(first));
            }
            metrics.projectorFailedOver();
            askNext();
            return false;
        }

        /** Time is over. */
        Answer lost() {
            var last = asked;
            if (last != null) {
                LOGGER.atWarn()
                        .addKeyValue("address", last.base())
                        .log("projector did not answer in time");
                addresses.failed(last.base());
            }
            return new Answer.Unavailable(Absent.unreachable());
        }

        void end() {
            var last = asked;
            if (last != null) {
                last.exchange().cancel(true);
            }
        }
    }

    private record Asked(URI base, CompletableFuture<?> exchange) {}
}
