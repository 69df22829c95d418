package io.tidemark.standalone.plain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathTemplateHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.PathTemplateMatch;
import io.undertow.util.StatusCodes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of event streams without a log. It speaks as much of the edge's API as a load needs:
 *
 * <pre>
 * POST /v1/streams                {"request": …}: asks the provider, answers {"requestId": …}
 * GET  /v1/streams/{id}/events    the provider's events, numbered, behind Last-Event-ID
 * </pre>
 *
 * <p>Everything is kept until the process ends, and lost with it. At most {@value #STREAMS_MAX}
 * streams; further ones are refused with 503. Thread-safe.
 */
public final class PlainServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PlainServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    private static final int STREAMS_MAX = 20_000;
    private static final long BODY_BYTES_MAX = 64 * 1_024;
    private static final int BACKLOG = 4_096;

    private final URI provider;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService upstreams = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, PlainStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();
    private final Undertow undertow;

    private PlainServer(URI provider) {
        this.provider = provider;
        PathTemplateHandler routes =
                Handlers.pathTemplate()
                        .add("/v1/streams", this::start)
                        .add("/v1/streams/{id}/events", this::events);
        undertow =
                Undertow.builder()
                        .addHttpListener(0, "127.0.0.1")
                        .setSocketOption(org.xnio.Options.BACKLOG, BACKLOG)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, BODY_BYTES_MAX)
                        .setHandler(routes)
                        .build();
    }

    /**
     * Starts a server on a port of 127.0.0.1 that the system chooses.
     *
     * @param provider base address of a provider that speaks OpenAI's Responses
     */
    public static PlainServer start(URI provider) {
        var server = new PlainServer(provider);
        server.undertow.start();
        return server;
    }

    /** Where it listens. */
    public URI address() {
        var bound = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
        return URI.create("http://127.0.0.1:" + bound.getPort());
    }

    private void start(HttpServerExchange exchange) {
        exchange.getRequestReceiver()
                .receiveFullBytes((received, body) ->
                        received.dispatch(upstreams, () -> start(received, body)));
    }

    private void start(HttpServerExchange exchange, byte[] body) {
        int number = started.incrementAndGet();
        if (number > STREAMS_MAX) {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE).endExchange();
            return;
        }
        try {
            var id = "plain-" + number;
            var request = (ObjectNode) JSON.readTree(body).required("request");
            var stream = new PlainStream();
            streams.put(id, stream);
            upstreams.execute(() -> follow(stream, request.put("stream", true)));
            exchange.setStatusCode(StatusCodes.CREATED)
                    .getResponseHeaders()
                    .put(Headers.CONTENT_TYPE, "application/json");
            exchange.getResponseSender()
                    .send(JSON.createObjectNode().put("requestId", id).toString());
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            exchange.setStatusCode(StatusCodes.BAD_REQUEST).endExchange();
        }
    }

    private void follow(PlainStream stream, ObjectNode request) {
        var post =
                HttpRequest.newBuilder(URI.create(provider + "/responses"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(request.toString()))
                        .build();
        try (var events = EventStream.of(http.send(post, BodyHandlers.ofInputStream()).body())) {
            long sequence = 0;
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                var data = passedOn(event.get());
                if (!data.isEmpty()
                        && !stream.append(frame(sequence++, event.get().type(), data))) {
                    return;
                }
            }
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("the provider broke off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stream.end();
        }
    }

    /* What says the whole text again is left out or cut short: the system's events do not either. */
    private static String passedOn(ReceivedEvent event) {
        if (event.type().endsWith(".done")) {
            return "";
        }
        return event.type().equals("response.completed")
                ? "{\"type\":\"response.completed\"}"
                : event.data();
    }

    private static ByteBuffer frame(long sequence, String type, String data) {
        var text = "id: " + sequence + "\nevent: " + type + "\ndata: " + data + "\n\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }

    private void events(HttpServerExchange exchange) {
        var match = exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY);
        var stream = streams.get(match.getParameters().get("id"));
        if (stream == null) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND).endExchange();
            return;
        }
        int next = 0;
        var last = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        if (last != null) {
            try {
                next = Integer.parseInt(last) + 1;
            } catch (NumberFormatException e) {
                exchange.setStatusCode(StatusCodes.BAD_REQUEST).endExchange();
                return;
            }
        }
        if (stream.over(next)) {
            exchange.setStatusCode(StatusCodes.NO_CONTENT).endExchange();
            return;
        }
        stream(exchange, stream, next);
    }

    private static void stream(HttpServerExchange exchange, PlainStream stream, int next) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "text/event-stream")
                .put(Headers.CACHE_CONTROL, "no-store");
        exchange.setPersistent(true);
        exchange.dispatch(
                exchange.getIoThread(),
                () -> stream.attach(new PlainReader(stream, exchange, next)));
    }

    /** Stops at once. */
    @Override
    public void close() {
        undertow.stop();
        upstreams.shutdownNow();
        http.shutdownNow();
    }
}
