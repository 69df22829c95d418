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
    private final int readersMax;
    private final Duration heartbeat;
    private final EdgeMetrics metrics;

    /**
     * A streamer.
     *
     * @param readersMax most readers that there may be
     */
    Streamer(Readers readers, int readersMax, Duration heartbeat, EdgeMetrics metrics) {
        this.readers = readers;
        this.readersMax = readersMax;
        this.heartbeat = heartbeat;
        this.metrics = metrics;
    }

    /** Whether a stream would be refused now; a moment later that may be different. */
    boolean full() {
        return readers.size() >= readersMax;
    }

    /**
     * Streams, on the request's I/O thread.
     *
     * @param next sequence of the first event
     * @param onRefusal answers the request when there is nothing to stream
     * @return false if there are too many readers; the request is not answered then
     */
    boolean stream(Call call, StreamId id, long next, Consumer<Refusal> onRefusal) {
        var response = new SseResponse(call.exchange(), heartbeat, metrics, onRefusal);
        var reader = readers.client(id, call.caller().tenant(), next, call.loop(), response);
        reader.ifPresent(response::start);
        return reader.isPresent();
    }
}
