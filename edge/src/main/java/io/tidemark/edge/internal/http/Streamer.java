package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Pipe;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.StreamId;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Makes a request's response a stream of events, or a page of it. Thread-safe; streams belong to
 * their I/O thread.
 */
final class Streamer {
    private final Readers readers;
    private final Pulse pulse;
    private final EdgeMetrics metrics;
    private final SocketResponse.Shared sockets;

    /**
     * A streamer.
     *
     * @param pulse how often responses are looked after
     * @param draining whether the edge is about to stop
     */
    Streamer(Readers readers, Pulse pulse, EdgeMetrics metrics, BooleanSupplier draining) {
        this.readers = readers;
        this.pulse = pulse;
        this.metrics = metrics;
        this.sockets = new SocketResponse.Shared(pulse, metrics, draining);
    }

    /** Why a stream would be refused now, if it would; a moment later that may be different. */
    Optional<Problem> refusal(Call call) {
        return problem(readers.room(call.caller().tenant()));
    }

    private static Optional<Problem> problem(Readers.Room room) {
        return switch (room) {
            case FREE -> Optional.empty();
            case EDGE_FULL -> Optional.of(Problem.tooManyReaders());
            case TENANT_FULL -> Optional.of(Problem.tooManyReadersOfTenant());
        };
    }

    /**
     * Streams, on the request's I/O thread.
     *
     * @param next sequence of the first event
     * @param onRefusal answers the request when there is nothing to stream
     * @return why not, if there are too many readers; the request is not answered then
     */
    Optional<Problem> stream(
            Call call,
            StreamId id,
            long next,
            Format format,
            Wish wish,
            Consumer<Refusal> onRefusal) {
        var response = new StreamedResponse(call.exchange(), format, pulse, metrics, onRefusal);
        var pipe = pipe(call, id, next, format, wish, response);
        return start(call, id, next, pipe, () -> response.from(pipe));
    }

    /**
     * Makes the request a WebSocket and streams there, on the request's I/O thread.
     *
     * @param next sequence of the first event
     * @param unacked most events beyond what the client has acknowledged; 0 for no bound
     * @param onRefusal answers the request when there is nothing to stream
     * @return why not, if there are too many readers; the request is not answered then
     */
    Optional<Problem> socket(
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

    private Optional<Problem> start(
            Call call, StreamId id, long next, Pipe pipe, Runnable connect) {
        var tenant = call.caller().tenant();
        var room = readers.take(tenant);
        if (room == Readers.Room.FREE) {
            var reader = readers.client(id, tenant, next, call.loop(), pipe.entry());
            pipe.from(reader);
            connect.run();
            reader.start();
        }
        return problem(room);
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
