package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Pipe;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Makes a request's response a stream of events, or a page of it. Thread-safe; streams belong to
 * their I/O thread.
 */
final class Streamer {
    private final Readers readers;
    private final int readersMax;
    private final Duration heartbeat;
    private final EdgeMetrics metrics;
    private final SocketResponse.Shared sockets;

    /**
     * A streamer.
     *
     * @param readersMax most readers that there may be
     * @param draining whether the edge is about to stop
     */
    Streamer(
            Readers readers,
            int readersMax,
            Duration heartbeat,
            EdgeMetrics metrics,
            BooleanSupplier draining) {
        this.readers = readers;
        this.readersMax = readersMax;
        this.heartbeat = heartbeat;
        this.metrics = metrics;
        this.sockets = new SocketResponse.Shared(heartbeat, metrics, draining);
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
    boolean stream(
            Call call,
            StreamId id,
            long next,
            Format format,
            Wish wish,
            Consumer<Refusal> onRefusal) {
        var response = new StreamedResponse(call.exchange(), format, heartbeat, metrics, onRefusal);
        var pipe = pipe(call, id, next, format, wish, response);
        return start(call, id, next, pipe, () -> response.from(pipe));
    }

    /**
     * Makes the request a WebSocket and streams there, on the request's I/O thread.
     *
     * @param next sequence of the first event
     * @param unacked most events beyond what the client has acknowledged; 0 for no bound
     * @param onRefusal answers the request when there is nothing to stream
     * @return false if there are too many readers; the request is not answered then
     */
    boolean socket(
            Call call,
            StreamId id,
            long next,
            Wish wish,
            int unacked,
            Consumer<Refusal> onRefusal) {
        var response =
                new SocketResponse(
                        call.exchange(), sockets, new Acknowledged(unacked, next - 1), onRefusal);
        var pipe = new Pipe(wish.shape(), call.delay(), response);
        return start(call, id, next, pipe, () -> response.from(pipe));
    }

    private boolean start(Call call, StreamId id, long next, Pipe pipe, Runnable connect) {
        var reader = readers.client(id, call.caller().tenant(), next, call.loop(), pipe.entry());
        reader.ifPresent(writer -> {
            pipe.from(writer);
            connect.run();
            writer.start();
        });
        return reader.isPresent();
    }

    private static Pipe pipe(
            Call call,
            StreamId id,
            long next,
            Format format,
            Wish wish,
            StreamedResponse response) {
        var page = wish.page();
        return switch (format) {
            case EVENT_STREAM, LINES -> new Pipe(wish.shape(), call.delay(), response);
            case PAGE ->
                    Pipe.page(
                            wish.shape(),
                            call.delay(),
                            id,
                            next,
                            page.eventsMax(),
                            page.patience(),
                            response);
        };
    }
}
