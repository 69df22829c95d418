package io.tidemark.edge;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topics;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What an {@link Edge} needs to know before it starts. Immutable; each part checks itself, and its
 * messages name the setting and the value found. Longer than most, since it is one short record
 * after the other.
 *
 * @param kafka Kafka client settings, {@code bootstrap.servers} among them
 * @param topics the topics of the installation
 * @param providers the providers that may be asked for, in order of preference; at least one
 * @param routes which provider is asked for a model, where the caller names none
 * @param projector base address of the projector's query endpoint
 * @param listen where to listen
 * @param limits what a client may do
 * @param window how much of the recent past is kept in memory
 * @param catchUp how older parts of the log are read
 * @param streaming how events are streamed
 * @param timeouts how long things may take
 * @param access who may ask
 * @param startKeys how the keys of starts are remembered
 * @param tenantLimits what one tenant may do
 */
public record EdgeConfig(
        Map<String, String> kafka,
        Topics topics,
        List<Provider> providers,
        List<Route> routes,
        URI projector,
        Listen listen,
        Limits limits,
        WindowSize window,
        CatchUpSize catchUp,
        Streaming streaming,
        Timeouts timeouts,
        AccessConfig access,
        StartKeysConfig startKeys,
        TenantLimits tenantLimits) {
    public EdgeConfig {
        kafka = Map.copyOf(kafka);
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must have bootstrap.servers");
        }
        requireNonNull(topics, "topics");
        providers = List.copyOf(providers);
        requireDistinct(providers);
        routes = List.copyOf(routes);
        requireKnown(routes, providers);
        if (projector.getHost() == null
                || !String.valueOf(projector.getScheme()).startsWith("http")) {
            throw new IllegalArgumentException(
                    "projector must be an http or https address, was " + projector);
        }
        requireNonNull(listen, "listen");
        requireNonNull(limits, "limits");
        requireNonNull(window, "window");
        requireNonNull(catchUp, "catchUp");
        requireNonNull(streaming, "streaming");
        requireNonNull(timeouts, "timeouts");
        requireNonNull(access, "access");
        requireNonNull(startKeys, "startKeys");
        requireNonNull(tenantLimits, "tenantLimits");
    }

    /**
     * A configuration with the defaults, on a port of 127.0.0.1 that the system chooses.
     *
     * @param kafka Kafka client settings, {@code bootstrap.servers} among them
     * @param providers the providers that may be asked for
     * @param projector base address of the projector's query endpoint
     */
    public static EdgeConfig of(
            Map<String, String> kafka, Topics topics, List<Provider> providers, URI projector) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                List.of(),
                projector,
                Listen.defaults(),
                Limits.defaults(),
                WindowSize.defaults(),
                CatchUpSize.defaults(),
                Streaming.defaults(),
                Timeouts.defaults(),
                AccessConfig.none(),
                StartKeysConfig.defaults(),
                TenantLimits.none());
    }

    /** The same, listening elsewhere. */
    public EdgeConfig with(Listen other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                other,
                limits,
                window,
                catchUp,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same with other limits. */
    public EdgeConfig with(Limits other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                other,
                window,
                catchUp,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same with another window. */
    public EdgeConfig with(WindowSize other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                other,
                catchUp,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same with another catch-up. */
    public EdgeConfig with(CatchUpSize other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                window,
                other,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same with another way of streaming. */
    public EdgeConfig with(Streaming other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                window,
                catchUp,
                other,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same with other timeouts. */
    public EdgeConfig with(Timeouts other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                window,
                catchUp,
                streaming,
                other,
                access,
                startKeys,
                tenantLimits);
    }

    /** The same for others to ask. */
    public EdgeConfig with(AccessConfig other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                window,
                catchUp,
                streaming,
                timeouts,
                other,
                startKeys,
                tenantLimits);
    }

    /** The same with keys of starts remembered in another way. */
    public EdgeConfig with(StartKeysConfig other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projector,
                listen,
                limits,
                window,
                catchUp,
                streaming,
                timeouts,
                access,
                other,
                tenantLimits);
    }

    /** The same with other limits for each tenant. */
    public EdgeConfig with(TenantLimits other) {
        return new EdgeConfig(
                kafka, topics, providers, routes, projector, listen, limits, window, catchUp,
                streaming, timeouts, access, startKeys, other);
    }

    /** The same with other routes. */
    public EdgeConfig withRoutes(List<Route> other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                other,
                projector,
                listen,
                limits,
                window,
                catchUp,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits);
    }

    /** Sizes of settings only: Kafka's may hold credentials. */
    @Override
    public String toString() {
        return "EdgeConfig[kafkaSettings="
                + kafka.size()
                + ", topics="
                + topics.prefix()
                + ", providers="
                + providers
                + ", routes="
                + routes
                + ", projector="
                + projector
                + ", listen="
                + listen
                + ", limits="
                + limits
                + ", window="
                + window
                + ", catchUp="
                + catchUp
                + ", streaming="
                + streaming
                + ", timeouts="
                + timeouts
                + ", access="
                + access
                + ", startKeys="
                + startKeys
                + ", tenantLimits="
                + tenantLimits
                + "]";
    }

    private static void requireDistinct(List<Provider> providers) {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("providers must name at least one provider");
        }
        var names = new HashSet<String>();
        for (var provider : providers) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException(
                        "providers must have distinct names, found twice: " + provider.name());
            }
        }
    }

    private static void requireKnown(List<Route> routes, List<Provider> providers) {
        var known = providers.stream().map(Provider::name).toList();
        for (var route : routes) {
            if (!known.containsAll(route.providers())) {
                throw new IllegalArgumentException(
                        "route %s names providers %s, of which some are none of %s"
                                .formatted(route.name(), route.providers(), known));
            }
        }
    }

    /**
     * Which providers are asked for a model. Of several routes that a model fits, the one whose
     * pattern spells out most of its name is taken.
     *
     * @param models patterns of models' names, in which {@code *} stands for anything; at least one
     * @param providers in order of preference; at least one
     */
    public record Route(String name, List<String> models, List<String> providers) {
        public Route {
            models = List.copyOf(models);
            providers = List.copyOf(providers);
            if (name.isBlank() || models.isEmpty() || providers.isEmpty()) {
                throw new IllegalArgumentException(
                        "a route must have a name, models and providers, was %s %s %s"
                                .formatted(name, models, providers));
            }
        }
    }

    /**
     * A provider that may be asked for.
     *
     * @param name its name in requests
     * @param apis the dialects it speaks, such as {@code openai.responses}; it is the default for
     *     those that no provider before it speaks
     */
    public record Provider(String name, List<String> apis) {
        public Provider {
            if (name.isBlank()) {
                throw new IllegalArgumentException("provider name must not be blank");
            }
            apis = List.copyOf(apis);
            if (apis.isEmpty()) {
                throw new IllegalArgumentException("provider " + name + " must speak some api");
            }
        }
    }

    /**
     * Where to listen.
     *
     * @param host address to bind to
     * @param port 0 for one that the system chooses
     * @param ioThreads threads that serve connections, 0 for one per processor and at least two
     * @param trustForwarded whether links are made from {@code X-Forwarded-Proto} and {@code
     *     X-Forwarded-Host}; only behind a proxy that sets them
     * @param tls null to speak HTTP as it is
     */
    public record Listen(
            String host, int port, int ioThreads, boolean trustForwarded, @Nullable Tls tls) {
        public Listen {
            requireNonNull(host, "host");
            requireBetween("port", port, 0, 65_535);
            requireBetween("ioThreads", ioThreads, 0, 1_024);
        }

        /** Without TLS. */
        public Listen(String host, int port, int ioThreads, boolean trustForwarded) {
            this(host, port, ioThreads, trustForwarded, null);
        }

        /** 127.0.0.1, on a port that the system chooses. */
        public static Listen defaults() {
            return new Listen("127.0.0.1", 0, 0, false);
        }

        /** The same on another port. */
        public Listen withPort(int other) {
            return new Listen(host, other, ioThreads, trustForwarded, tls);
        }

        /** The same with TLS. */
        public Listen with(Tls other) {
            return new Listen(host, port, ioThreads, trustForwarded, other);
        }
    }

    /**
     * What TLS needs: two PEM files, which may be replaced while the edge runs.
     *
     * @param certificate the server's certificate first, and then what leads to its root
     * @param key its private key, PKCS #8, without a password
     * @param lookAgain how often it is looked whether they hold something else
     */
    public record Tls(Path certificate, Path key, Duration lookAgain) {
        private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

        public Tls {
            requireNonNull(certificate, "certificate");
            requireNonNull(key, "key");
            requireBetween("lookAgain", lookAgain, Duration.ofMillis(10), Duration.ofHours(1));
        }

        /** Looked at every 5 s. */
        public Tls(Path certificate, Path key) {
            this(certificate, key, LOOK_AGAIN);
        }
    }

    /**
     * What a client may do.
     *
     * @param bodyBytesMax largest request body; beyond it, 413
     * @param bodiesBytesMax most memory for all request bodies at once, at least one of the
     *     largest; beyond it, 503
     * @param headerBytesMax largest request line and headers together; beyond it, 400
     * @param connectionsMax connections at once, more than readers, so that there is room for
     *     health checks and cancels; further ones wait to be accepted
     * @param readersMax readers at once; beyond it, 503
     */
    public record Limits(
            int bodyBytesMax,
            long bodiesBytesMax,
            int headerBytesMax,
            int connectionsMax,
            int readersMax) {
        private static final long BODIES_BYTES_MOST = 1L << 40;

        public Limits {
            requireBetween("bodyBytesMax", bodyBytesMax, 1, 512 * 1024 * 1024);
            requireBetween(
                    "bodiesBytesMax", bodiesBytesMax, (long) bodyBytesMax, BODIES_BYTES_MOST);
            requireBetween("headerBytesMax", headerBytesMax, 256, 1024 * 1024);
            requireBetween("readersMax", readersMax, 1, 999_999);
            requireBetween("connectionsMax", connectionsMax, readersMax + 1, 1_000_000);
        }

        /**
         * Bodies of 8 MiB, 256 MiB of them at once, headers of 32 KiB, 22,000 connections and
         * 20,000 readers.
         */
        public static Limits defaults() {
            return new Limits(8 * 1024 * 1024, 256L * 1024 * 1024, 32 * 1024, 22_000, 20_000);
        }
    }

    /**
     * How much of the recent past is kept in memory. When a bound is passed, whole streams are let
     * go, and their readers go on from the log.
     *
     * @param bytesMax most bytes of events
     * @param streamsMax most streams with events
     * @param indexBytesMax most bytes of places where events are in the log, about: streams whose
     *     events are let go are found by them without a search. A place costs 96 bytes, a stream
     *     512 beside its places
     * @param eventsPerPlace a place is kept about every that many events of a stream; the longer
     *     the stream, the fewer
     */
    public record WindowSize(
            long bytesMax, int streamsMax, long indexBytesMax, int eventsPerPlace) {
        public WindowSize {
            requireBetween("bytesMax", bytesMax, 1L, Long.MAX_VALUE);
            requireBetween("streamsMax", streamsMax, 1, 10_000_000);
            requireBetween("indexBytesMax", indexBytesMax, 0L, Long.MAX_VALUE);
            requireBetween("eventsPerPlace", eventsPerPlace, 1, 1_000_000);
        }

        /** One with the default index. */
        public WindowSize(long bytesMax, int streamsMax) {
            this(bytesMax, streamsMax, Runtime.getRuntime().maxMemory() / 32, 64);
        }

        /** A quarter of the heap and 50,000 streams; a 32nd of the heap, every 64 events. */
        public static WindowSize defaults() {
            return new WindowSize(Runtime.getRuntime().maxMemory() / 4, 50_000);
        }

        /** The same with another budget of the index. */
        public WindowSize withIndex(long bytes) {
            return new WindowSize(bytesMax, streamsMax, bytes, eventsPerPlace);
        }
    }

    /**
     * How older parts of the log are read.
     *
     * @param consumers threads that read, each with a consumer
     * @param waitingMax with that many reads waiting, new readers that need one are turned away
     *     with 503
     * @param skew how far the clock of an edge may be ahead of the brokers' for its streams to be
     *     found by their ids at once; every read of a cold stream passes over what was appended in
     *     that time
     * @param batchBytes about how many bytes of events a reader behind gets at a time
     * @param scanRecordsMax records, of any stream, that are passed before others get their turn
     * @param fetchWaitMax longest time that a broker holds a fetch which finds nothing
     */
    public record CatchUpSize(
            int consumers,
            int waitingMax,
            Duration skew,
            int batchBytes,
            int scanRecordsMax,
            Duration fetchWaitMax) {
        public CatchUpSize {
            requireBetween("consumers", consumers, 1, 256);
            requireBetween("waitingMax", waitingMax, 1, 1_000_000);
            requireBetween("skew", skew, Duration.ZERO, Duration.ofHours(1));
            requireBetween("batchBytes", batchBytes, 1, 64 * 1024 * 1024);
            requireBetween("scanRecordsMax", scanRecordsMax, 1, Integer.MAX_VALUE);
            requireBetween(
                    "fetchWaitMax", fetchWaitMax, Duration.ofMillis(1), Duration.ofSeconds(5));
        }

        /** Four consumers, 1,000 waiting, 5 s of skew, batches of 256 KiB. */
        public static CatchUpSize defaults() {
            return new CatchUpSize(
                    4, 1_000, Duration.ofSeconds(5), 256 * 1024, 200_000, Duration.ofMillis(5));
        }
    }

    /**
     * How events are streamed.
     *
     * @param heartbeat a comment is written after about that long without anything else; shorter
     *     than any proxy's idle timeout on the way
     * @param retry how long a client is told to wait before it reconnects
     * @param retryJitter how much longer at most, when all are sent away at once
     * @param presence how often it is said of a stream that it has readers here, where that matters
     */
    public record Streaming(
            Duration heartbeat, Duration retry, Duration retryJitter, Duration presence) {
        private static final Duration PRESENCE_MOST = Duration.ofSeconds(10);

        public Streaming {
            requireBetween("heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofHours(1));
            requireBetween("retry", retry, Duration.ZERO, Duration.ofHours(1));
            requireBetween("retryJitter", retryJitter, Duration.ZERO, Duration.ofHours(1));
            requireBetween("presence", presence, Duration.ofMillis(10), PRESENCE_MOST);
        }

        /** The same with readers told of every 10 s. */
        public Streaming(Duration heartbeat, Duration retry, Duration retryJitter) {
            this(heartbeat, retry, retryJitter, PRESENCE_MOST);
        }

        /** A heartbeat after 15 s, reconnection after 1 s, spread over 2 s. */
        public static Streaming defaults() {
            return new Streaming(
                    Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofSeconds(2));
        }
    }

    /**
     * How long things may take.
     *
     * @param request from a request's first byte to the end of its headers
     * @param body from there to the end of its body
     * @param keepAlive how long a connection may idle between requests
     * @param acknowledge how long a command may wait to be sent to the log, and from there on to be
     *     acknowledged: a request may take twice that
     * @param projector how long the projector may take to answer
     * @param drain how long readers may take to leave when the edge stops, and how long other
     *     requests may take to be answered after that
     */
    public record Timeouts(
            Duration request,
            Duration body,
            Duration keepAlive,
            Duration acknowledge,
            Duration projector,
            Duration drain) {
        public Timeouts {
            var longest = Duration.ofHours(1);
            requireBetween("request", request, Duration.ofMillis(10), longest);
            requireBetween("body", body, Duration.ofMillis(10), longest);
            requireBetween("keepAlive", keepAlive, Duration.ofMillis(10), longest);
            requireBetween("acknowledge", acknowledge, Duration.ofMillis(100), longest);
            requireBetween("projector", projector, Duration.ofMillis(10), longest);
            requireBetween("drain", drain, Duration.ZERO, longest);
        }

        /** 10 s for a request's headers, 30 s for its body, 60 s between requests. */
        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5));
        }
    }

    static <T extends Comparable<T>> void requireBetween(String name, T value, T least, T most) {
        requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, was %s".formatted(name, least, most, value));
        }
    }
}
