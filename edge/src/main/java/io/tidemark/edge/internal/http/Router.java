package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Loop;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds the endpoint for a request and turns whatever goes wrong there into a problem. Thread-safe.
 *
 * <p>A fixed table, looked up by hand: eight resources need no routing library, and an id is
 * checked by the one class that knows ids.
 */
public final class Router implements HttpHandler {
    private static final String STREAMS = "/v1/streams";
    private static final String CHUNKED = "chunked";

    /**
     * A resource.
     *
     * @param method the one method it has
     * @param whileDraining whether it is served while the edge drains
     */
    record Resource(String method, boolean whileDraining, Endpoint endpoint) {}

    private final Map<String, Resource> resources;
    private final Map<String, Resource> ofStream;
    private final Executor blocking;
    private final EdgeMetrics metrics;
    private final int partitions;
    private final Map<XnioIoThread, Loop> loops = new ConcurrentHashMap<>();
    private final AtomicBoolean draining;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * A router.
     *
     * @param resources by path
     * @param ofStream by what follows the id in the path of a stream
     * @param draining whether most requests are refused, because the edge is about to stop
     */
    Router(
            Map<String, Resource> resources,
            Map<String, Resource> ofStream,
            Executor blocking,
            EdgeMetrics metrics,
            int partitions,
            AtomicBoolean draining) {
        this.resources = Map.copyOf(resources);
        this.ofStream = Map.copyOf(ofStream);
        this.blocking = blocking;
        this.metrics = metrics;
        this.partitions = partitions;
        this.draining = draining;
    }

    /** Requests that are not over yet. */
    int underWay() {
        return underWay.get();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        underWay.incrementAndGet();
        exchange.addExchangeCompleteListener((_, next) -> {
            underWay.decrementAndGet();
            next.proceed();
        });
        exchange.addDefaultResponseListener(Router::answerInstead);
        var path = exchange.getRequestPath();
        var id = path.startsWith(STREAMS + "/") ? idIn(path) : "";
        var call = call(exchange, id);
        try {
            route(call, find(path, id));
        } catch (ProblemException e) {
            call.answer(e.problem());
        } catch (RuntimeException e) {
            call.fault(e);
            call.answer(Problem.internal());
        }
    }

    /* Of the answers that end without a body, ours are no errors; errors are Undertow's. */
    private static boolean answerInstead(HttpServerExchange exchange) {
        int status = exchange.getStatusCode();
        if (status < 400 || !exchange.isResponseChannelAvailable()) {
            return false;
        }
        Reply.of(Problem.refused(status)).send(exchange);
        return true;
    }

    private Call call(HttpServerExchange exchange, String id) {
        var loop = loops.computeIfAbsent(exchange.getIoThread(), Loop::new);
        return new Call(exchange, loop, blocking, metrics, partitions, id);
    }

    private static String idIn(String path) {
        int from = STREAMS.length() + 1;
        int to = path.indexOf('/', from);
        return path.substring(from, to < 0 ? path.length() : to);
    }

    private @Nullable Resource find(String path, String id) {
        return id.isEmpty()
                ? resources.get(path)
                : ofStream.get(path.substring(STREAMS.length() + 1 + id.length()));
    }

    private void route(Call call, @Nullable Resource resource) {
        if (!call.header("Transfer-Encoding").orElse(CHUNKED).equalsIgnoreCase(CHUNKED)) {
            throw new ProblemException(Problem.unknownTransferEncoding());
        }
        if (resource == null) {
            throw new ProblemException(Problem.unknownPath());
        }
        if (!call.exchange().getRequestMethod().equalToString(resource.method())) {
            throw new ProblemException(Problem.methodNotAllowed(resource.method()));
        }
        if (draining.get() && !resource.whileDraining()) {
            throw new ProblemException(Problem.draining());
        }
        resource.endpoint().handle(call);
    }
}
