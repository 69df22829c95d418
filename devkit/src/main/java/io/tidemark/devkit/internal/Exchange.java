package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.SimulatedRequest.Ending;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sending of one answer. Confined to the connection's thread. */
final class Exchange {

    private static final int OK = 200;

    private final ClientConnection connection;
    private final RequestAccount account;
    private final long startNanos = System.nanoTime();

    Exchange(ClientConnection connection, RequestAccount account) {
        this.connection = connection;
        this.account = account;
    }

    /** Answers with an error. */
    Ending refuse(ApiError error) throws IOException {
        send(connection, error, account);
        return Ending.REFUSED;
    }

    static void send(ClientConnection connection, ApiError error, RequestAccount account)
            throws IOException {
        account.status(error.statusCode());
        account.sentBytes(send(connection, error));
    }

    static int send(ClientConnection connection, ApiError error) throws IOException {
        var body = error.toJson();
        var headers = new HashMap<>(error.headers());
        headers.put("content-type", "application/json");
        HttpResponses.writeHead(connection.out(), error.statusCode(), headers, body.length);
        connection.out().write(body);
        connection.out().flush();
        return body.length;
    }

    /** Answers with frames, at the pace, in the chunks and with the fault that are asked for. */
    Ending play(
            List<Frame> frames,
            String contentType,
            Directives directives,
            Optional<SimulatedFault> fault)
            throws IOException {
        account.status(OK);
        HttpResponses.writeChunkedHead(connection.out(), OK, headers(contentType));
        var body =
                new FaultyBody(
                        new ChunkedSink(connection.out()), directives.chunking(), account, fault);
        var pacer = new Pacer(connection, directives.pacing(), startNanos);
        for (var frame : frames) {
            if (frame.token()) {
                if (pacer.wouldWait()) {
                    body.flush();
                }
                if (pacer.awaitToken()) {
                    return Ending.CLIENT_CLOSED;
                }
            }
            if (!body.write(frame)) {
                return strike(fault.orElseThrow(), body);
            }
        }
        body.end();
        return Ending.COMPLETED;
    }

    private Ending strike(SimulatedFault fault, FaultyBody body) throws IOException {
        if (fault instanceof SimulatedFault.EndOfBody) {
            body.end();
            return Ending.FAULT;
        }
        return strikeBeforeHead(fault);
    }

    /** What a fault does to a connection on which no body has to be ended. */
    Ending strikeBeforeHead(SimulatedFault fault) throws IOException {
        return switch (fault) {
            case SimulatedFault.Reset(_) -> {
                connection.reset();
                yield Ending.FAULT;
            }
            case SimulatedFault.Stall(_) -> {
                connection.awaitGone();
                yield Ending.CLIENT_CLOSED;
            }
            case SimulatedFault.EndOfBody(_),
                    SimulatedFault.MalformedFrame(_),
                    SimulatedFault.Status(_, _) ->
                    Ending.FAULT;
        };
    }

    private Map<String, String> headers(String contentType) {
        return Map.of(
                "content-type",
                contentType,
                "cache-control",
                "no-cache",
                "x-request-id",
                "req_sim_" + account.id());
    }
}
