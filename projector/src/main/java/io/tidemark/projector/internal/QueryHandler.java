package io.tidemark.projector.internal;

import io.micrometer.core.instrument.Timer;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Outcome;

import org.apache.kafka.streams.KafkaStreams;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The query endpoint without its sockets: what each request is answered with. Thread-safe.
 *
 * <pre>
 *   GET /v1/responses/{id}?minSequence=&amp;waitMs=   the response, partial or final
 *                                                410 when it was erased, with the tenant if any
 *                                                503 when that cannot be told, with the reason
 *   GET /v1/streams?tenant=&amp;…                    entries of a list, newest first
 *   GET /healthz                                 200 unless the stream threads are dead
 *   GET /readyz                                  200 when queries can be answered
 * </pre>
 */
public final class QueryHandler {
    private static final String RESPONSES = "/v1/responses/";
    private static final String STREAMS = "/v1/streams";
    private static final String GET = "GET";

    private final RoutedResponses responses;
    private final RoutedLists lists;
    private final Supplier<KafkaStreams.State> state;
    private final Supplier<Optional<String>> notAllowed;
    private final ProjectorMetrics metrics;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * A handler that answers as the state allows.
     *
     * @param notAllowed what Kafka did not allow, if it has stopped for that
     */
    public QueryHandler(
            RoutedResponses responses,
            RoutedLists lists,
            Supplier<KafkaStreams.State> state,
            Supplier<Optional<String>> notAllowed,
            ProjectorMetrics metrics) {
        this.responses = responses;
        this.lists = lists;
        this.state = state;
        this.notAllowed = notAllowed;
        this.metrics = metrics;
    }

    /** Sends a reply to whoever asked. */
    @FunctionalInterface
    interface Sender {
        /** Returns when the reply is written. */
        void send(Reply reply) throws IOException;
    }

    /**
     * Answers one request, with one reply.
     *
     * @param passedOn whether another instance has passed it on, which is done once
     */
    void handle(String method, URI uri, boolean passedOn, Sender sender)
            throws IOException, InterruptedException {
        underWay.incrementAndGet();
        try {
            answer(method, uri, passedOn, sender);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Whether it is answering nobody. */
    public boolean idle() {
        return underWay.get() == 0;
    }

    private void answer(String method, URI uri, boolean passedOn, Sender sender)
            throws IOException, InterruptedException {
        var path = uri.getRawPath();
        try {
            if (method.equals(GET) && path.startsWith(RESPONSES)) {
                var id = path.substring(RESPONSES.length());
                response(QueryParameters.of(id, uri.getRawQuery()), passedOn, sender);
            } else if (method.equals(GET) && path.equals(STREAMS)) {
                sender.send(list(ListParameters.of(uri.getRawQuery())));
            } else {
                sender.send(other(method, path));
            }
        } catch (BadQueryException e) {
            sender.send(bad(e));
        }
    }

    private Reply other(String method, String path) {
        boolean known =
                path.startsWith(RESPONSES)
                        || path.equals(STREAMS)
                        || path.equals("/healthz")
                        || path.equals("/readyz");
        if (!known) {
            return Reply.of(Problem.of(404, "not_found", "Not found", "there is no such resource"));
        }
        if (!method.equals(GET)) {
            return Reply.methodNotAllowed(GET);
        }
        return path.equals("/healthz") ? healthy() : ready();
    }

    private Reply healthy() {
        return switch (state.get()) {
            case ERROR, PENDING_ERROR, NOT_RUNNING ->
                    Reply.unavailable("dead", "the stream threads have stopped");
            case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN -> Reply.text("ok\n");
        };
    }

    private Reply ready() {
        var now = state.get();
        return now == KafkaStreams.State.RUNNING
                ? Reply.text("ready\n")
                : Reply.unavailable(
                        "not_ready", notAllowed.get().orElseGet(() -> "the state is " + now));
    }

    private void response(QueryParameters asked, boolean passedOn, Sender sender)
            throws IOException, InterruptedException {
        var timing = metrics.queryStarted();
        ResponseQuery.Use<IOException> use = answer -> sender.send(reply(answer, timing));
        if (passedOn) {
            responses.answerHere(asked, use);
        } else {
            responses.answer(asked, use);
        }
    }

    private Reply list(ListParameters asked) throws InterruptedException {
        var timing = metrics.queryStarted();
        var listed = asked.partitions().isEmpty() ? lists.everywhere(asked) : lists.here(asked);
        return switch (listed) {
            case Listed.Found(var page) -> {
                metrics.listed(timing, Outcome.FOUND);
                yield Reply.json(page.encode());
            }
            case Listed.Unavailable(var partitions) -> {
                metrics.listed(timing, Outcome.UNAVAILABLE);
                var first = new TreeMap<>(partitions).firstEntry().getValue();
                yield Reply.unavailable(first, partitions.keySet());
            }
        };
    }

    private static Reply bad(BadQueryException e) {
        var detail = String.valueOf(e.getMessage());
        return Reply.of(
                Problem.of(400, "bad_request", "Bad request", detail).in(e.field(), e.allowed()));
    }

    private Reply reply(Answer answer, Timer.Sample timing) {
        return switch (answer) {
            case Answer.Found(byte[] json) -> {
                metrics.queried(timing, Outcome.FOUND);
                yield Reply.json(json);
            }
            case Answer.Unknown() -> {
                metrics.queried(timing, Outcome.UNKNOWN);
                yield Reply.of(
                        Problem.of(
                                404,
                                "unknown_stream",
                                "Unknown stream",
                                "nothing is known of a stream with this id"));
            }
            case Answer.Erased(var tenant) -> {
                metrics.queried(timing, Outcome.ERASED);
                yield Reply.of(
                        Problem.of(410, "erased", "Erased", "the stream's content was erased")
                                .ofTenant(tenant));
            }
            case Answer.Unavailable(var reason) -> {
                metrics.queried(timing, Outcome.UNAVAILABLE);
                yield Reply.unavailable(reason.code(), reason.detail());
            }
        };
    }
}
