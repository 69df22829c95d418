package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Makes a request's response a stream of events. Thread-safe; streams belong to their I/O thread.
 */
final class Streamer {
    private final Readers readers;
    private final Duration heartbeat;
    private final EdgeMetrics metrics;

    Streamer(Readers readers, Duration heartbeat, EdgeMetrics metrics) {
        this.readers = readers;
        this.heartbeat = heartbeat;
        this.metrics = metrics;
    }

    /**
     * Streams, on the request's I/O thread.
     *
     * @param next sequence of the first event
     * @param onRefusal answers the request when there is nothing to stream
     */
    void stream(Call call, StreamId id, long next, Consumer<Refusal> onRefusal) {
        var response = new SseResponse(call.exchange(), heartbeat, metrics, onRefusal);
        readers.client(id, next, call.loop(), response)
                .ifPresentOrElse(
                        response::start,
                        () ->
                                call.answer(
                                        Problem.unavailable(
                                                "too_many_readers",
                                                "this edge serves as many readers as it may")));
    }
}
