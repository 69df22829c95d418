package io.tidemark.projector.internal;

import io.micrometer.core.instrument.Timer;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Outcome;

import org.apache.kafka.streams.KafkaStreams;

import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;

/**
 * The query endpoint without its sockets: what each request is answered with. Thread-safe.
 *
 * <pre>
 *   GET /v1/responses/{id}?minSequence=&amp;waitMs=   the response, partial or final
 *                                                503 when it is behind minSequence after waitMs
 *   GET /healthz                                 200 unless the stream threads are dead
 *   GET /readyz                                  200 when queries can be answered
 * </pre>
 */
public final class QueryHandler {
    private static final String RESPONSES = "/v1/responses/";
    private static final String GET = "GET";

    private final ResponseQuery query;
    private final Supplier<KafkaStreams.State> state;
    private final ProjectorMetrics metrics;

    /** A handler that answers from a query, as long as the state allows. */
    public QueryHandler(
            ResponseQuery query, Supplier<KafkaStreams.State> state, ProjectorMetrics metrics) {
        this.query = query;
        this.state = state;
        this.metrics = metrics;
    }

    /** Sends a reply to whoever asked. */
    @FunctionalInterface
    interface Sender {
        /** Returns when the reply is written. */
        void send(Reply reply) throws IOException;
    }

    /** Answers one request, with one reply. */
    void handle(String method, URI uri, Sender sender) throws IOException, InterruptedException {
        var path = uri.getRawPath();
        if (method.equals(GET) && path.startsWith(RESPONSES)) {
            response(path.substring(RESPONSES.length()), uri, sender);
        } else {
            sender.send(other(method, path));
        }
    }

    private Reply other(String method, String path) {
        boolean known =
                path.startsWith(RESPONSES) || path.equals("/healthz") || path.equals("/readyz");
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
                : Reply.unavailable("not_ready", "the state is " + now);
    }

    private void response(String id, URI uri, Sender sender)
            throws IOException, InterruptedException {
        QueryParameters asked;
        try {
            asked = QueryParameters.of(id, uri.getRawQuery());
        } catch (BadQueryException e) {
            sender.send(bad(e));
            return;
        }
        var timing = metrics.queryStarted();
        query.<IOException>answer(
                asked.id(),
                asked.minSequence(),
                asked.maxWait(),
                answer -> sender.send(reply(answer, timing)));
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
            case Answer.Unavailable(var reason) -> {
                metrics.queried(timing, Outcome.UNAVAILABLE);
                yield Reply.unavailable(reason.code(), reason.detail());
            }
        };
    }
}
