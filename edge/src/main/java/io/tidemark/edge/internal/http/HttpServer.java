package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.access.Authenticator;
import io.tidemark.edge.internal.access.Capabilities;
import io.tidemark.edge.internal.access.Scope;
import io.tidemark.edge.internal.http.Router.Resource;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.Erasing;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Window;
import io.undertow.server.handlers.HttpContinueReadHandler;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The HTTP server: the endpoints, wired, behind Undertow. Thread-safe. */
public final class HttpServer implements AutoCloseable {
    /**
     * How it listens and what it allows; see {@code EdgeConfig}, which checks the values.
     *
     * @param finish how long requests may take to be answered when the server stops
     * @param partitions how many the log has
     * @param served those whose streams are served here
     * @param revocations name of the topic of revocations
     * @param erasures name of the topic of erasures
     * @param corsOrigins origins whose pages may read answers
     * @param starts how often a tenant may start streams
     * @param requests how often a tenant may ask for anything
     * @param tls null where it speaks HTTP as it is
     * @param keptAtLeast how long both events and commands are kept
     */
    public record Settings(
            String host,
            int port,
            int ioThreads,
            boolean trustForwarded,
            int bodyBytesMax,
            long bodiesBytesMax,
            int headerBytesMax,
            int connectionsMax,
            Duration requestTimeout,
            Duration bodyTimeout,
            Duration keepAlive,
            Duration finish,
            Duration heartbeat,
            Duration stalledMax,
            Duration keptAtLeast,
            PartitionCount partitions,
            ServedPartitions served,
            String revocations,
            String erasures,
            List<String> corsOrigins,
            Rate starts,
            Rate requests,
            @Nullable TlsFiles tls) {
        public Settings {
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    /**
     * How often a tenant may do something.
     *
     * @param perSecond 0 for any number
     * @param burst how often at once to begin with
     */
    public record Rate(int perSecond, int burst) {
        TenantRates with(InstantSource clock) {
            return new TenantRates(perSecond, burst, TenantRates.TENANTS_MAX, clock);
        }
    }

    /**
     * What it works with; none of it is closed by the server.
     *
     * @param capabilities null where callers do not have to say who they are
     */
    public record Parts(
            Providers providers,
            CommandWriter commands,
            StreamKeys streamKeys,
            KeyedStarts keys,
            Window window,
            Readers readers,
            Erasing erasing,
            ProjectorClient projector,
            Readiness readiness,
            Supplier<String> metricsScrape,
            Authenticator authenticator,
            @Nullable Capabilities capabilities,
            EdgeMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {}

    private static final int CAPABILITY_BYTES_MAX = 1_024;
    private static final long CAPABILITIES_BYTES_MAX = 1_024L * 1_024;
    private static final Duration POLL = Duration.ofMillis(20);

    private final Listener listener;
    private final Router router;
    private final ExecutorService blocking;
    private final AtomicBoolean draining;
    private final Duration finish;
    private final String scheme;

    private HttpServer(
            Listener listener,
            Router router,
            ExecutorService blocking,
            AtomicBoolean draining,
            Settings settings) {
        this.listener = listener;
        this.router = router;
        this.blocking = blocking;
        this.draining = draining;
        this.finish = settings.finish();
        this.scheme = settings.tls() == null ? "http" : "https";
    }

    /**
     * Starts to listen.
     *
     * @throws RuntimeException if the address cannot be bound, with the cause
     */
    public static HttpServer start(Settings settings, Parts parts) {
        var blocking = Executors.newVirtualThreadPerTaskExecutor();
        var draining = new AtomicBoolean();
        var router = router(settings, parts, blocking, draining);
        try {
            return new HttpServer(
                    listener(settings, parts.metrics(), router),
                    router,
                    blocking,
                    draining,
                    settings);
        } catch (RuntimeException e) {
            blocking.close();
            throw e;
        }
    }

    private static Listener listener(Settings settings, EdgeMetrics metrics, Router router) {
        var malformed = Problem.malformed(settings.headerBytesMax());
        return Listener.open(
                settings,
                new HttpContinueReadHandler(router),
                connection ->
                        BareRefusal.install(
                                connection, malformed, () -> metrics.refused(malformed.code())));
    }

    private static Router router(
            Settings settings, Parts parts, ExecutorService blocking, AtomicBoolean draining) {
        var resources = new LinkedHashMap<String, Resource>();
        var ofStream = new LinkedHashMap<String, Resource>();
        var operations =
                new OperationsEndpoints(draining::get, parts.readiness(), parts.metricsScrape());
        resources.put("/", Resource.open(new PageEndpoint()));
        resources.put("/healthz", Resource.open(operations::health));
        resources.put("/readyz", Resource.open(operations::ready));
        resources.put("/metrics", Resource.open(operations::metrics));
        var streamer =
                new Streamer(
                        parts.readers(),
                        new Pulse(settings.heartbeat(), settings.stalledMax()),
                        parts.metrics(),
                        draining::get);
        resources.put("/v1/streams", streams(settings, parts, streamer));
        var absence = new Absence(parts.projector(), settings.keptAtLeast(), parts.clock());
        var responses =
                new ResponseLookup(
                        parts.window(),
                        parts.readers(),
                        parts.projector(),
                        absence,
                        parts.erasing().erased());
        var events =
                new EventsEndpoint(
                        streamer,
                        responses,
                        absence,
                        Origins.sameOr(settings.corsOrigins()),
                        settings.trustForwarded());
        ofStream.put(
                "",
                new Resource(
                        List.of("GET", "DELETE"),
                        false,
                        false,
                        Scope.READ,
                        getOr(
                                "DELETE",
                                new ResponseEndpoint(responses),
                                erase(settings, parts, absence))));
        ofStream.put("/events", Resource.of("GET", Scope.READ, events));
        ofStream.put(
                "/cancel",
                Resource.of("POST", Scope.CANCEL, cancel(parts, absence)).servedWhileDraining());
        if (parts.capabilities() != null) {
            ofStream.put(
                    "/capabilities",
                    new Resource(
                            List.of("POST", "DELETE"),
                            false,
                            false,
                            null,
                            capabilities(settings, parts, parts.capabilities(), absence)));
        }
        return new Router(
                resources,
                ofStream,
                new Cors(settings.corsOrigins()),
                parts.authenticator(),
                settings.requests().with(parts.clock()),
                blocking,
                parts.metrics(),
                settings.partitions(),
                settings.served(),
                draining);
    }

    /* Neither a start nor a list is for whoever holds a capability. */
    private static Resource streams(Settings settings, Parts parts, Streamer streamer) {
        var start = start(settings, parts, streamer);
        var list =
                new ListEndpoint(
                        parts.projector(),
                        new LinkTokens(parts.capabilities()),
                        settings.trustForwarded());
        return new Resource(List.of("GET", "POST"), false, false, null, getOr("POST", list, start));
    }

    private static Endpoint getOr(String method, Endpoint get, Endpoint other) {
        return call -> {
            boolean isOther = call.exchange().getRequestMethod().equalToString(method);
            (isOther ? other : get).handle(call);
        };
    }

    private static Endpoint erase(Settings settings, Parts parts, Absence absence) {
        return new EraseEndpoint(
                parts.readers(),
                parts.commands(),
                parts.streamKeys(),
                absence,
                parts.erasing(),
                settings.erasures(),
                parts.clock());
    }

    private static Endpoint start(Settings settings, Parts parts, Streamer streamer) {
        var setting =
                new StartEndpoint.Setting(
                        parts.providers(),
                        settings.served(),
                        settings.bodyBytesMax(),
                        settings.trustForwarded(),
                        new LinkTokens(parts.capabilities()));
        var body =
                new Body(
                        settings.bodyBytesMax(), settings.bodiesBytesMax(), settings.bodyTimeout());
        return new StartEndpoint(
                setting,
                body,
                parts.streamKeys(),
                new KeyedStart(parts.keys(), parts.readers(), parts.erasing().erased()),
                settings.starts().with(parts.clock()),
                parts.window(),
                streamer,
                parts.clock(),
                parts.random());
    }

    private static Endpoint capabilities(
            Settings settings, Parts parts, Capabilities capabilities, Absence absence) {
        var body = new Body(CAPABILITY_BYTES_MAX, CAPABILITIES_BYTES_MAX, settings.bodyTimeout());
        return new CapabilitiesEndpoint(
                capabilities,
                body,
                parts.readers(),
                absence,
                parts.commands(),
                settings.revocations(),
                settings.trustForwarded());
    }

    private static Endpoint cancel(Parts parts, Absence absence) {
        return new CancelEndpoint(parts.readers(), parts.commands(), absence, parts.clock());
    }

    /** Where it listens. */
    public URI address() {
        var bound = listener.address();
        var host = bound.getAddress().getHostAddress();
        return URI.create(
                scheme
                        + "://"
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + ":"
                        + bound.getPort());
    }

    /** From now on, requests about streams are refused, but for cancels. */
    public void drain() {
        draining.set(true);
    }

    /**
     * Lets requests be answered, for a while, then closes what is connected. It still listens in
     * that time: whoever comes is told to go elsewhere.
     */
    @Override
    public void close() {
        drain();
        try {
            awaitAnswers();
        } finally {
            try {
                listener.close();
            } finally {
                blocking.shutdownNow();
            }
        }
    }

    private void awaitAnswers() {
        var never = new CountDownLatch(1);
        long deadline = System.nanoTime() + finish.toNanos();
        try {
            while (router.underWay() > 0 && System.nanoTime() < deadline) {
                if (never.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
