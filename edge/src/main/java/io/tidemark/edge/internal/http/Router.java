package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.access.Asked;
import io.tidemark.edge.internal.access.Authenticator;
import io.tidemark.edge.internal.access.Identity;
import io.tidemark.edge.internal.access.Presented;
import io.tidemark.edge.internal.access.Scope;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Loop;
import io.tidemark.schemas.StreamId;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

import java.util.List;
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
     * @param methods the methods it has
     * @param whileDraining whether it is served while the edge drains
     * @param open whether it is served to anybody, whoever they are
     * @param scope what a capability must be good for to be good for the first of the methods; null
     *     if none is. None is good for the others
     */
    record Resource(
            List<String> methods,
            boolean whileDraining,
            boolean open,
            @Nullable Scope scope,
            Endpoint endpoint) {
        Resource {
            methods = List.copyOf(methods);
        }

        /** One that anybody may ask for at any time. */
        static Resource open(Endpoint endpoint) {
            return new Resource(List.of("GET"), true, true, null, endpoint);
        }

        /** One for callers that are admitted. */
        static Resource of(String method, @Nullable Scope scope, Endpoint endpoint) {
            return new Resource(List.of(method), false, false, scope, endpoint);
        }

        /** What a capability must be good for to be good for a method; null if none is. */
        @Nullable Scope scopeOf(String method) {
            return methods.indexOf(method) > 0 ? null : scope;
        }

        Resource servedWhileDraining() {
            return new Resource(methods, true, open, scope, endpoint);
        }
    }

    private final Map<String, Resource> resources;
    private final Map<String, Resource> ofStream;
    private final Cors cors;
    private final Authenticator authenticator;
    private final TenantRates rates;
    private final Executor blocking;
    private final EdgeMetrics metrics;
    private final PartitionCount partitions;
    private final ServedPartitions served;
    private final Map<XnioIoThread, Loop> loops = new ConcurrentHashMap<>();
    private final AtomicBoolean draining;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * A router.
     *
     * @param resources by path
     * @param ofStream by what follows the id in the path of a stream
     * @param cors which pages of other origins may read answers
     * @param authenticator tells whom a request is from, for every resource that is not open
     * @param rates how often a tenant may ask for what is not open
     * @param partitions how many the log has
     * @param served those of them whose streams are served here
     * @param draining whether most requests are refused, because the edge is about to stop
     */
    Router(
            Map<String, Resource> resources,
            Map<String, Resource> ofStream,
            Cors cors,
            Authenticator authenticator,
            TenantRates rates,
            Executor blocking,
            EdgeMetrics metrics,
            PartitionCount partitions,
            ServedPartitions served,
            AtomicBoolean draining) {
        this.resources = Map.copyOf(resources);
        this.ofStream = Map.copyOf(ofStream);
        this.cors = cors;
        this.authenticator = authenticator;
        this.rates = rates;
        this.blocking = blocking;
        this.metrics = metrics;
        this.partitions = partitions;
        this.served = served;
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
        if (resource != null && resource.open()) {
            serve(call, resource);
            return;
        }
        cors.mark(call.exchange());
        /* Browsers ask this without any credential. */
        if (resource != null && cors.preflight(call.exchange())) {
            call.answer(cors.answer(resource.methods()));
        } else {
            admit(call, resource);
        }
    }

    /* Before it is said whether there is such a resource: that is nobody else's business. */
    private void admit(Call call, @Nullable Resource resource) {
        var presented = new Presented(call.headers("Authorization"), call.parameters("token"));
        var method = call.exchange().getRequestMethod().toString();
        var asked = new Asked(call.stream(), resource == null ? null : resource.scopeOf(method));
        if (authenticator.mayWait(presented)) {
            call.blocking(() -> {
                var identity = authenticator.identify(presented, asked);
                call.onLoop(() -> admitted(call, resource, identity));
            });
        } else {
            admitted(call, resource, authenticator.identify(presented, asked));
        }
    }

    private void admitted(Call call, @Nullable Resource resource, Identity identity) {
        switch (identity) {
            case Identity.Refused _ -> throw new ProblemException(Problem.unauthorized());
            case Identity.Admitted caller -> {
                call.admit(caller);
                requireRate(call);
                serve(call, resource);
            }
        }
    }

    private void requireRate(Call call) {
        var wait = rates.take(call.caller().tenant());
        if (!wait.isZero()) {
            throw new ProblemException(Problem.tooManyRequests(wait));
        }
    }

    private void serve(Call call, @Nullable Resource resource) {
        if (resource == null) {
            throw new ProblemException(Problem.unknownPath());
        }
        if (!resource.methods().contains(call.exchange().getRequestMethod().toString())) {
            throw new ProblemException(Problem.methodNotAllowed(resource.methods()));
        }
        if (draining.get() && !resource.whileDraining()) {
            throw new ProblemException(Problem.draining());
        }
        var stream = call.stream();
        if (stream == null || stream.partition() >= partitions.own() || served.has(stream)) {
            resource.endpoint().handle(call);
        } else {
            call.answer(elsewhere(call, stream));
        }
    }

    private Reply elsewhere(Call call, StreamId stream) {
        var edge = served.elsewhere(stream);
        if (edge.isEmpty()) {
            throw new ProblemException(Problem.misdirected(stream.partition()));
        }
        metrics.redirected();
        return Reply.temporaryRedirect(edge.get(), call.exchange());
    }
}
