package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedFault;
import io.tidemark.devkit.SimulatedRequest.Ending;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.zip.GZIPOutputStream;

/** The sending of one answer. Confined to the connection's thread. */
final class Exchange {

    private static final int OK = 200;
    private static final String NO_REQUEST_ID = "req_sim_0";
    private static final byte[] MALFORMED_JSON = ",\n{\"bro".getBytes(StandardCharsets.UTF_8);

    private final ClientConnection connection;
    private final RequestAccount account;
    private final ProviderApi api;
    private final long startNanos = System.nanoTime();

    Exchange(ClientConnection connection, RequestAccount account, ProviderApi api) {
        this.connection = connection;
        this.account = account;
        this.api = api;
    }

    /** When a token of its answer is due, by the entries that the request has. */
    LongUnaryOperator due(Directives directives) {
        return index -> Pacer.due(directives.pacing(), startNanos, index);
    }

    /** Answers with an error. */
    Ending refuse(ApiError error) throws IOException {
        account.status(error.statusCode());
        account.sentBytes(send(connection, error, api, account.requestId()));
        return Ending.REFUSED;
    }

    /** Answers with an error where there is no request, in OpenAI's shape. */
    static void refuseUnread(ClientConnection connection, ApiError error) throws IOException {
        send(connection, error, new ResponsesApi(), NO_REQUEST_ID);
    }

    private static int send(
            ClientConnection connection, ApiError error, ProviderApi api, String requestId)
            throws IOException {
        var json = api.body(error, requestId);
        var gzipped = error.headers().containsKey("content-encoding");
        var body = gzipped ? gzip(json) : json;
        var headers = new HashMap<>(error.headers());
        headers.put("content-type", Answer.JSON);
        headers.put(api.requestIdHeader(), requestId);
        HttpResponses.writeHead(connection.out(), error.statusCode(), headers, body.length);
        connection.out().write(body);
        connection.out().flush();
        return body.length;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var gzipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzipped)) {
            out.write(bytes);
        }
        return gzipped.toByteArray();
    }

    /** Answers with frames, at the pace, in the chunks and with the fault that are asked for. */
    Ending play(
            List<Frames> frames,
            String contentType,
            Directives directives,
            Optional<SimulatedFault> fault)
            throws IOException {
        account.status(OK);
        HttpResponses.writeChunkedHead(connection.out(), OK, streamHeaders(contentType, fault));
        var body =
                new FaultyBody(
                        sink(fault), directives.chunking(), account, fault, malformed(contentType));
        var pacer = new Pacer(connection, directives.pacing(), directives.punctual(), startNanos);
        for (var run : frames) {
            for (var index = 0L; index < run.count(); index++) {
                if (run.token() && clientLeaves(pacer, body)) {
                    return Ending.CLIENT_CLOSED;
                }
                if (!body.write(run.bytes().apply(index), run.token())) {
                    return strike((SimulatedFault.Cut) fault.orElseThrow(), body);
                }
            }
        }
        body.end();
        return Ending.COMPLETED;
    }

    /** Answers with what there is of a response, and what is still to come of it. */
    Ending follow(StoredResponse stored, long from, Optional<SimulatedFault> fault)
            throws IOException {
        account.status(OK);
        var contentType = Answer.EVENT_STREAM + "; charset=utf-8";
        HttpResponses.writeChunkedHead(connection.out(), OK, streamHeaders(contentType, fault));
        var body =
                new FaultyBody(
                        sink(fault),
                        stored.terms().chunking(),
                        account,
                        fault,
                        malformed(contentType));
        connection.whenGone(stored::wake);
        for (var number = from; ; number++) {
            if (!stored.has(number)) {
                body.flush();
            }
            var event = stored.await(number, connection::isGone);
            if (event.isEmpty()) {
                break;
            }
            if (!body.write(event.get().bytes(), event.get().token())) {
                return strike((SimulatedFault.Cut) fault.orElseThrow(), body);
            }
        }
        if (connection.isGone()) {
            return Ending.CLIENT_CLOSED;
        }
        body.end();
        return Ending.COMPLETED;
    }

    /** Answers with JSON at once. */
    Ending tell(byte[] json) throws IOException {
        account.status(OK);
        HttpResponses.writeHead(connection.out(), OK, headers(Answer.JSON), json.length);
        connection.out().write(json);
        connection.out().flush();
        account.sentBytes(json.length);
        return Ending.COMPLETED;
    }

    /** Waits for a token's moment; true if the client went away meanwhile. */
    private static boolean clientLeaves(Pacer pacer, FaultyBody body) throws IOException {
        if (pacer.wouldWait()) {
            body.flush();
        }
        return pacer.awaitToken();
    }

    private byte[] malformed(String contentType) {
        return contentType.startsWith(Answer.EVENT_STREAM) ? api.malformedEvent() : MALFORMED_JSON;
    }

    private BodySink sink(Optional<SimulatedFault> fault) {
        var sink = new ChunkedSink(connection.out());
        return fault.orElse(null) instanceof SimulatedFault.Drip(var interval)
                ? new DrippingSink(sink, connection, interval)
                : sink;
    }

    private static String told(String contentType, Optional<SimulatedFault> fault) {
        return fault.orElse(null) instanceof SimulatedFault.ContentType(var wrong)
                ? wrong
                : contentType;
    }

    private Ending strike(SimulatedFault.Cut fault, FaultyBody body) throws IOException {
        if (fault instanceof SimulatedFault.EndOfBody) {
            body.end();
        }
        return strike(fault);
    }

    /** What a fault does to a connection on which no body has to be ended. */
    Ending strike(SimulatedFault.Cut fault) throws IOException {
        return switch (fault) {
            case SimulatedFault.Reset(_) -> {
                connection.reset();
                yield Ending.FAULT;
            }
            case SimulatedFault.Stall(_) -> {
                connection.awaitGone();
                yield Ending.CLIENT_CLOSED;
            }
            case SimulatedFault.EndOfBody(_) -> Ending.FAULT;
        };
    }

    private Map<String, String> streamHeaders(String contentType, Optional<SimulatedFault> fault) {
        var headers = headers(told(contentType, fault));
        if (fault.orElse(null) instanceof SimulatedFault.EndOfBody) {
            // The body ends as if it were whole: a client that is not told keeps the connection.
            headers.put("connection", "close");
        }
        return headers;
    }

    private Map<String, String> headers(String contentType) {
        var headers = new HashMap<String, String>();
        headers.put("content-type", contentType);
        headers.put("cache-control", "no-cache");
        headers.put(api.requestIdHeader(), account.requestId());
        return headers;
    }
}
