package io.tidemark.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.edge.internal.http.CommandWriter;
import io.tidemark.edge.internal.http.HttpServer;
import io.tidemark.edge.internal.http.KeyedStarts;
import io.tidemark.edge.internal.http.PartitionCount;
import io.tidemark.edge.internal.http.PresenceWriter;
import io.tidemark.edge.internal.http.ProjectorClient;
import io.tidemark.edge.internal.http.Providers;
import io.tidemark.edge.internal.http.Readiness;
import io.tidemark.edge.internal.http.ServedPartitions;
import io.tidemark.edge.internal.http.TlsFiles;
import io.tidemark.edge.internal.live.Attendance;
import io.tidemark.edge.internal.live.CatchUp;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.ErasedStreams;
import io.tidemark.edge.internal.live.Erasing;
import io.tidemark.edge.internal.live.KafkaClients;
import io.tidemark.edge.internal.live.Manners;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.SparseIndex;
import io.tidemark.edge.internal.live.Tail;
import io.tidemark.edge.internal.live.TopicTail;
import io.tidemark.edge.internal.live.Window;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.RightsCheck;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One edge: the HTTP server that clients start, read, resume and cancel streams at. Edges know
 * nothing of each other; a client may go on at any of them, since all read the same log.
 *
 * <p>Thread-safe. {@link #start} returns when it serves; {@link #close()} ends everything that was
 * started, within twice the configured time for draining and a few seconds.
 */
public final class Edge implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Edge.class);

    private static final Duration TOPICS_MAX = Duration.ofSeconds(30);
    private static final List<String> GAUGES =
            List.of(
                    EdgeMetrics.READERS,
                    EdgeMetrics.WINDOW_BYTES,
                    EdgeMetrics.WINDOW_STREAMS,
                    EdgeMetrics.INDEX_BYTES,
                    EdgeMetrics.INDEX_STREAMS,
                    EdgeMetrics.TAIL_LAG,
                    EdgeMetrics.KEYS,
                    EdgeMetrics.ERASED);
    private static final Duration START_KEYS_MAX = Duration.ofSeconds(30);
    private static final Duration ERASURES_MAX = Duration.ofSeconds(30);

    /* Records of a key: a claim and that it was started, and as many of those who came too late. */
    private static final long RECORDS_OF_KEY = 4;
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final EdgeConfig config;
    private final Deque<AutoCloseable> parts;
    private final HttpServer server;
    private final Readers readers;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Edge(
            EdgeConfig config, Deque<AutoCloseable> parts, HttpServer server, Readers readers) {
        this.config = config;
        this.parts = parts;
        this.server = server;
        this.readers = readers;
    }

    /**
     * Starts an edge: makes sure of the topics, finds the end of the log, and listens.
     *
     * @param config how
     * @param meters where it registers its meters
     * @param metricsScrape what {@code GET /metrics} answers, in Prometheus's text format
     * @param clock tells the time that becomes part of ids
     * @param random source of ids, which must not be guessable: a {@link
     *     java.security.SecureRandom} outside of tests; thread-safe
     * @return the running edge, to be closed by the caller
     * @throws IllegalArgumentException if it would serve anybody beyond the loopback, and was not
     *     told to, if a file that it is told of cannot be used, or if it is to serve partitions
     *     that the topic does not have
     * @throws io.tidemark.schemas.TopicRefusedException if the topics cannot be used
     * @throws RuntimeException if Kafka does not answer or the address cannot be bound; nothing is
     *     left running then
     */
    public static Edge start(
            EdgeConfig config,
            MeterRegistry meters,
            Supplier<String> metricsScrape,
            InstantSource clock,
            RandomGenerator random) {
        EdgeAccess.require(config);
        var parts = new ArrayDeque<AutoCloseable>();
        parts.push(() -> removeGauges(meters));
        try {
            return start(
                    config, new EdgeMetrics(meters, clock), metricsScrape, clock, random, parts);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private static Edge start(
            EdgeConfig config,
            EdgeMetrics metrics,
            Supplier<String> metricsScrape,
            InstantSource clock,
            RandomGenerator random,
            Deque<AutoCloseable> parts) {
        var admin = started(parts, Admin.create(new HashMap<String, Object>(config.kafka())));
        int partitions = partitions(config, admin);
        var served = served(config.partitions(), partitions);
        var count =
                started(
                        parts,
                        PartitionCount.start(admin, config.topics().events().name(), partitions));
        var window = window(config, partitions, clock, metrics);
        var index = index(config, partitions, clock, metrics);
        var erased =
                new ErasedStreams(
                        ErasedStreams.STREAMS_MAX, config.topics().eventsGoneAfter(), metrics);
        var clients = new KafkaClients(config.kafka(), config.catchUp().fetchWaitMax());
        var events = config.topics().events().name();
        var sealed = EdgeKeys.start(config, metrics, clock, parts);
        var opener = sealed.opener();
        var tail =
                started(
                        parts,
                        Tail.start(
                                clients, events, served, window, index, erased, opener, clock,
                                metrics));
        var catchUp = started(parts, catchUp(config, clients, erased, opener, metrics));
        var access = EdgeAccess.start(config, clients, partitions, clock, parts);
        var commands = started(parts, commands(config));
        var keys = keyedStarts(config, partitions, commands, metrics, clock, random);
        started(parts, follow(config, partitions, clients, keys));
        var presence = started(parts, presence(config, commands, clock, random));
        var readers =
                readers(config, window, index, catchUp, presence, erased, metrics, clock, random);
        var erasing = new Erasing(erased, window, index, catchUp, readers, clock);
        started(parts, follow(config, partitions, clients, erasing));
        var streamKeys = started(parts, sealed.streamKeys(commands));
        var projector = projector(config, metrics);
        parts.push(projector);
        var server =
                HttpServer.start(
                        settings(config, count, served),
                        new HttpServer.Parts(
                                providers(config),
                                commands,
                                streamKeys,
                                keys,
                                window,
                                readers,
                                erasing,
                                projector,
                                new Readiness(rights(config, admin, Readiness.ANSWER_MAX), tail),
                                metricsScrape,
                                access.authenticator(),
                                access.capabilities(),
                                metrics,
                                clock,
                                random));
        parts.push(server);
        LOGGER.atInfo().addKeyValue("address", server.address()).log("edge started");
        return new Edge(config, parts, server, readers);
    }

    /* They would keep the whole edge in memory for as long as there is a registry. */
    private static void removeGauges(MeterRegistry meters) {
        GAUGES.forEach(name -> meters.find(name).gauges().forEach(meters::remove));
    }

    private static <T extends AutoCloseable> T started(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    private static int partitions(EdgeConfig config, Admin admin) {
        var topics = config.topics();
        var used =
                new ArrayList<>(
                        List.of(
                                topics.commands(),
                                topics.events(),
                                topics.startKeys(),
                                topics.erasures()));
        if (config.access().authenticates()) {
            used.add(topics.revocations());
        }
        if (!config.masterKeys().isEmpty()) {
            used.add(topics.keys());
        }
        var found =
                new TopicProvisioner(admin, topics, TOPICS_MAX)
                        .ensure(used, rights(config, admin, TOPICS_MAX));
        return found.getOrDefault(topics.events().name(), topics.partitions());
    }

    private static RightsCheck rights(EdgeConfig config, Admin admin, Duration timeout) {
        var parts = EnumSet.noneOf(KafkaRole.Part.class);
        if (config.access().authenticates()) {
            parts.add(KafkaRole.Part.AUTHENTICATION);
        }
        if (!config.masterKeys().isEmpty()) {
            parts.add(KafkaRole.Part.ENCRYPTION);
        }
        return new RightsCheck(admin, KafkaRole.EDGE, config.topics(), parts, timeout);
    }

    private static Set<Integer> served(PartitionsConfig config, int partitions) {
        var all = IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
        if (config.served().isEmpty()) {
            return all;
        }
        if (!all.containsAll(config.served())) {
            throw new IllegalArgumentException(
                    "partitions served must be 0 to %d, as the topic has them, was %s"
                            .formatted(partitions - 1, config.served().stream().sorted().toList()));
        }
        all.removeAll(config.served());
        all.removeAll(config.elsewhere().keySet());
        if (!all.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("partitions", all)
                    .log("no edge is known that serves these partitions");
        }
        return config.served();
    }

    private static Window window(
            EdgeConfig config, int partitions, InstantSource clock, EdgeMetrics metrics) {
        return new Window(
                partitions,
                config.catchUp().skew(),
                config.window().bytesMax(),
                config.window().streamsMax(),
                clock,
                metrics);
    }

    private static SparseIndex index(
            EdgeConfig config, int partitions, InstantSource clock, EdgeMetrics metrics) {
        return new SparseIndex(
                partitions,
                config.catchUp().skew(),
                config.window().indexBytesMax(),
                config.window().eventsPerPlace(),
                clock,
                metrics);
    }

    private static CatchUp catchUp(
            EdgeConfig config,
            KafkaClients clients,
            ErasedStreams erased,
            Opener opener,
            EdgeMetrics metrics) {
        var size = config.catchUp();
        return CatchUp.start(
                clients,
                config.topics().events().name(),
                config.topics().commands().name(),
                size.consumers(),
                size.waitingMax(),
                size.skew(),
                size.batchBytes(),
                size.scanRecordsMax(),
                erased,
                opener,
                metrics);
    }

    private static Readers readers(
            EdgeConfig config,
            Window window,
            SparseIndex index,
            CatchUp catchUp,
            Attendance attendance,
            ErasedStreams erased,
            EdgeMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        var streaming = config.streaming();
        var manners =
                new Manners(streaming.retry(), streaming.retryJitter(), streaming.ageMax(), random);
        return new Readers(
                window,
                index,
                catchUp,
                manners,
                metrics,
                clock,
                attendance,
                erased,
                new Readers.Limits(
                        config.limits().readersMax(), config.tenantLimits().readersMax()));
    }

    /* Its name is new with each start: what was said under an earlier one lapses. */
    private static PresenceWriter presence(
            EdgeConfig config,
            CommandWriter commands,
            InstantSource clock,
            RandomGenerator random) {
        return PresenceWriter.start(
                commands,
                Long.toHexString(random.nextLong()),
                config.streaming().presence(),
                config.limits().readersMax(),
                clock);
    }

    private static CommandWriter commands(EdgeConfig config) {
        return new CommandWriter(
                config.kafka(), config.topics().commands().name(), config.timeouts().acknowledge());
    }

    private static KeyedStarts keyedStarts(
            EdgeConfig config,
            int partitions,
            CommandWriter commands,
            EdgeMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        var keys = config.startKeys();
        var kept = keptAtLeast(config.topics());
        var setting =
                new KeyedStarts.Setting(
                        config.topics().startKeys().name(),
                        partitions,
                        keys.window().compareTo(kept) < 0 ? keys.window() : kept,
                        keys.keysMax(),
                        keys.patience(),
                        config.timeouts().acknowledge().multipliedBy(2));
        return new KeyedStarts(setting, commands, metrics, clock, random);
    }

    /* What is older than what can be remembered need not be read. */
    private static TopicTail follow(
            EdgeConfig config, int partitions, KafkaClients clients, KeyedStarts keys) {
        long keysOfPartition = Math.ceilDiv(config.startKeys().keysMax(), partitions);
        return TopicTail.start(
                clients.follow("start-keys"),
                config.topics().startKeys().name(),
                partitions,
                RECORDS_OF_KEY * keysOfPartition,
                keys::heed,
                START_KEYS_MAX);
    }

    /* All of it: what was erased must not be shown, however long ago that was. */
    private static TopicTail follow(
            EdgeConfig config, int partitions, KafkaClients clients, Erasing erasing) {
        return TopicTail.start(
                clients.follow("erasures"),
                config.topics().erasures().name(),
                partitions,
                Long.MAX_VALUE,
                record -> erasing.heed(Erasure.of(record)),
                ERASURES_MAX);
    }

    private static Duration keptAtLeast(Topics topics) {
        boolean commandsGoFirst = topics.commandRetention().compareTo(topics.eventRetention()) < 0;
        return commandsGoFirst ? topics.commandRetention() : topics.eventRetention();
    }

    private static ProjectorClient projector(EdgeConfig config, EdgeMetrics metrics) {
        return new ProjectorClient(config.projectors(), config.timeouts().projector(), metrics);
    }

    private static Providers providers(EdgeConfig config) {
        var apis = new LinkedHashMap<String, List<String>>();
        config.providers().forEach(provider -> apis.put(provider.name(), provider.apis()));
        var routes =
                config.routes().stream()
                        .map(it -> new Providers.Route(it.name(), it.models(), it.providers()))
                        .toList();
        return new Providers(apis, routes);
    }

    private static HttpServer.Settings settings(
            EdgeConfig config, PartitionCount partitions, Set<Integer> served) {
        var listen = config.listen();
        var limits = config.limits();
        var timeouts = config.timeouts();
        var topics = config.topics();
        int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
        return new HttpServer.Settings(
                listen.host(),
                listen.port(),
                listen.ioThreads() == 0 ? processors : listen.ioThreads(),
                listen.trustForwarded(),
                limits.bodyBytesMax(),
                limits.bodiesBytesMax(),
                limits.headerBytesMax(),
                limits.connectionsMax(),
                timeouts.request(),
                timeouts.body(),
                timeouts.keepAlive(),
                timeouts.drain(),
                config.streaming().heartbeat(),
                config.streaming().stalledMax(),
                keptAtLeast(topics),
                partitions,
                new ServedPartitions(served, config.partitions().elsewhere()),
                topics.revocations().name(),
                topics.erasures().name(),
                config.access().corsOrigins(),
                rate(config.tenantLimits().starts()),
                rate(config.tenantLimits().requests()),
                tls(listen.tls()));
    }

    private static HttpServer.Rate rate(TenantLimits.Rate rate) {
        return new HttpServer.Rate(rate.perSecond(), rate.burst());
    }

    private static @Nullable TlsFiles tls(@Nullable TlsConfig tls) {
        return tls == null ? null : new TlsFiles(tls.certificate(), tls.key(), tls.lookAgain());
    }

    /** Where it listens, with the port that is really bound. */
    public URI address() {
        return server.address();
    }

    /**
     * Takes the edge out of service: {@code /readyz} says no, new requests are refused, and readers
     * are told to come back and are closed behind the event they are at. Returns when they are
     * gone, or when the configured time has passed. Later calls do nothing.
     */
    public void drain() {
        if (!draining.compareAndSet(false, true)) {
            return;
        }
        server.drain();
        readers.drain();
        awaitNoReaders();
        LOGGER.atInfo().addKeyValue("readers", readers.size()).log("edge drained");
    }

    private void awaitNoReaders() {
        var never = new CountDownLatch(1);
        long deadline = System.nanoTime() + config.timeouts().drain().toNanos();
        try {
            while (readers.size() > 0 && System.nanoTime() < deadline) {
                if (never.await(DRAIN_POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drains, then stops everything. Later calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            drain();
            closeAll(parts);
            LOGGER.atInfo().log("edge stopped");
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOGGER.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .addKeyValue("error", e.toString())
                        .log("did not close cleanly");
            }
        }
    }
}
