package io.tidemark.standalone;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.Pacing;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.edge.AccessConfig;
import io.tidemark.edge.Edge;
import io.tidemark.edge.EdgeConfig;
import io.tidemark.edge.LimitsConfig;
import io.tidemark.edge.ListenConfig;
import io.tidemark.edge.PartitionsConfig;
import io.tidemark.edge.StartKeysConfig;
import io.tidemark.edge.StreamingConfig;
import io.tidemark.edge.TenantLimits;
import io.tidemark.edge.TlsConfig;
import io.tidemark.edge.WindowConfig;
import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.ingest.IngestWorker;
import io.tidemark.ingest.ResponseLimits;
import io.tidemark.projector.Projector;
import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorTimings;
import io.tidemark.projector.Rebuild;
import io.tidemark.projector.RebuildListener;
import io.tidemark.projector.RebuildReport;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Right;
import io.tidemark.schemas.RightsCheck;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;
import io.tidemark.standalone.settings.AccessKeys;
import io.tidemark.standalone.settings.EdgeKeys;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.PriceFile;
import io.tidemark.standalone.settings.Settings;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns settings into the roles' own configuration and starts them. Every role that is started is
 * pushed on the stack that closes it. Confined to the thread that starts the process.
 */
final class Roles {
    private static final Logger LOGGER = LoggerFactory.getLogger(Roles.class);

    private static final Pattern EMBEDDED_ADDRESS =
            Pattern.compile("(?:127\\.0\\.0\\.1|localhost):(\\d{1,5})");

    /*
     * A broker that has lost its power or its cable refuses no connection. With Kafka's own 10 s
     * (KIP-601) a client would still wait for one when another broker leads already. Decision 069.
     */
    private static final Map<String, String> CONNECTING =
            Map.of(
                    "socket.connection.setup.timeout.ms", "2500",
                    "socket.connection.setup.timeout.max.ms", "10000");

    private static final Duration RIGHTS_MAX = Duration.ofSeconds(10);
    private static final Duration PROJECTOR_READY_MAX = Duration.ofMinutes(5);
    /* One connection in so many is not for readers, but for health checks, starts and cancels. */
    private static final int CONNECTIONS_PER_SPARE = 11;

    private final Settings settings;
    private final String bootstrapServers;
    private final Map<String, String> liveDefaults;
    private final int partitions;
    private final MasterKeys masterKeys;
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Roles that use a Kafka anywhere. */
    Roles(Settings settings, String bootstrapServers) {
        this(settings, bootstrapServers, Map.of(), settings.get(Keys.TOPICS_PARTITIONS));
    }

    private Roles(
            Settings settings,
            String bootstrapServers,
            Map<String, String> liveDefaults,
            int partitions) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.liveDefaults = liveDefaults;
        this.partitions = partitions;
        this.masterKeys = Encryption.masterKeys(settings);
    }

    /**
     * Roles that share a process with their Kafka: see decisions 033 and 036.
     *
     * @param bootstrapServers where that Kafka is, whatever the settings say
     */
    static Roles beside(String bootstrapServers, Settings settings) {
        return new Roles(
                settings,
                bootstrapServers,
                Map.of("compression.type", "none"),
                settings.isSet(Keys.TOPICS_PARTITIONS)
                        ? settings.get(Keys.TOPICS_PARTITIONS)
                        : Keys.PARTITIONS_OF_ONE_PROCESS);
    }

    /**
     * The embedded Kafka, listening where {@code kafka.bootstrap-servers} says, or on any free port
     * of the loopback when it says nothing.
     */
    static EmbeddedKafka kafka(Settings settings, ShutdownStack stack) {
        var config =
                EmbeddedKafkaConfig.in(settings.get(Keys.DATA_DIR).resolve("kafka"))
                        .withPort(kafkaPort(settings));
        return stack.push("kafka", EmbeddedKafka.start(config));
    }

    private static int kafkaPort(Settings settings) {
        var servers = settings.find(Keys.BOOTSTRAP_SERVERS);
        if (servers.isEmpty()) {
            return 0;
        }
        var match = EMBEDDED_ADDRESS.matcher(servers.get());
        if (!match.matches()) {
            throw new InvalidSettingsException(
                    Keys.BOOTSTRAP_SERVERS.name()
                            + " must be 127.0.0.1:PORT or localhost:PORT for the embedded Kafka,"
                            + " which listens nowhere else");
        }
        return Integer.parseInt(match.group(1));
    }

    /** The simulator, at the pace that settings give. */
    static ProviderSimulator simulator(Settings settings, ShutdownStack stack, int port) {
        var config =
                ProviderSimulatorConfig.DEFAULT
                        .withHost(settings.get(Keys.SIMULATOR_HOST))
                        .withPort(port)
                        .withPacing(
                                new Pacing(
                                        settings.get(Keys.SIMULATOR_FIRST_TOKEN),
                                        settings.get(Keys.SIMULATOR_TOKEN)));
        config =
                settings.find(Keys.SIMULATOR_RECORDINGS).map(config::withRecordings).orElse(config);
        config = settings.find(Keys.SIMULATOR_JOURNAL).map(config::withJournal).orElse(config);
        return stack.push("simulator", ProviderSimulator.start(config));
    }

    /**
     * A worker.
     *
     * @param drain how long streams in flight may go on when it stops
     */
    void ingest(ShutdownStack stack, Providers providers, String defaultId, Duration drain) {
        var limits = ingestLimits();
        var timings =
                IngestTimings.defaults()
                        .withDrain(drain)
                        .withDisconnectGrace(settings.get(Keys.INGEST_DISCONNECT_GRACE));
        var config =
                IngestConfig.of(
                                ingestKafkaProperties(),
                                topics(),
                                settings.find(Keys.INGEST_WORKER_ID).orElse(defaultId),
                                providers.configs())
                        .withRoutes(
                                providers.routes().stream()
                                        .map(Providers.Route::forIngest)
                                        .toList())
                        .withLimits(limits)
                        .withTimings(timings)
                        .withMasterKeys(masterKeys);
        var worker = IngestWorker.start(config, meters, InstantSource.system());
        stack.push("ingest", worker);
        stack.watch("ingest", worker.stopped());
    }

    /** What says how this process is, if settings give it a port. */
    Optional<StatusServer> status(ShutdownStack stack) {
        return settings.find(Keys.INGEST_PORT)
                .map(port ->
                        StatusServer.start(settings.get(Keys.INGEST_HOST), port, meters::scrape))
                .map(server -> stack.push("status", server));
    }

    private IngestLimits ingestLimits() {
        var defaults = IngestLimits.defaults();
        return new IngestLimits(
                settings.get(Keys.INGEST_STREAMS_MAX),
                defaults.eventBytesMax(),
                Math.toIntExact(settings.get(Keys.INGEST_FRAME_MAX)),
                defaults.errorBodyBytesMax(),
                defaults.idsRememberedMax(),
                defaults.backlogStreamsMax(),
                defaults.takeoversMax(),
                new ResponseLimits(
                        settings.get(Keys.INGEST_ITEMS_MAX),
                        settings.get(Keys.INGEST_LANES_MAX),
                        Math.toIntExact(settings.get(Keys.INGEST_CALL_INPUT_MAX))));
    }

    private Map<String, String> ingestKafkaProperties() {
        var properties = new TreeMap<>(liveKafkaProperties());
        properties.put("linger.ms", Long.toString(settings.get(Keys.INGEST_LINGER).toMillis()));
        return properties;
    }

    /** A projector that may still be restoring its state; see {@link #awaitReady}. */
    Projector projector(ShutdownStack stack, String defaultId, int port) {
        var config =
                projectorConfig("projector")
                        .withInstanceId(settings.find(Keys.PROJECTOR_INSTANCE_ID).orElse(defaultId))
                        .withAddress(settings.get(Keys.PROJECTOR_HOST), port)
                        .withAdvertisedAddress(
                                settings.find(Keys.PROJECTOR_ADVERTISED_ADDRESS).orElse(null))
                        .withThreads(
                                settings.get(Keys.PROJECTOR_THREADS),
                                settings.get(Keys.PROJECTOR_STANDBY_REPLICAS));
        return stack.push(
                "projector",
                Projector.start(config, meters, meters::scrape, InstantSource.system()));
    }

    /* Each process has a folder of its own, since it locks what it keeps there. */
    private ProjectorConfig projectorConfig(String folder) {
        return ProjectorConfig.of(
                        kafkaProperties(), topics(), settings.get(Keys.DATA_DIR).resolve(folder))
                .withThreads(settings.get(Keys.PROJECTOR_THREADS), 0)
                .withPrices(prices())
                .withMasterKeys(masterKeys)
                .withTimings(
                        new ProjectorTimings(
                                settings.get(Keys.PROJECTOR_COMMIT_INTERVAL),
                                settings.get(Keys.PROJECTOR_SILENT_AFTER),
                                ProjectorTimings.MISSING_MAX_DEFAULT));
    }

    /** Makes all results anew; see {@link Rebuild#run}. */
    RebuildReport rebuild(boolean keepOld, RebuildListener listener) throws InterruptedException {
        return Rebuild.run(
                projectorConfig("projector-rebuild"),
                keepOld,
                meters,
                InstantSource.system(),
                listener);
    }

    /** What ledger rows are charged by; no prices where no file is set. */
    PriceTable prices() {
        return settings.find(Keys.PROJECTOR_PRICES).map(PriceFile::read).orElse(PriceTable.NONE);
    }

    /** Waits until a projector can answer queries; it restores what it had before. */
    static void awaitReady(Projector projector) {
        try {
            if (!projector.awaitReady(PROJECTOR_READY_MAX)) {
                throw new IllegalStateException(
                        projector
                                .notAllowed()
                                .orElse(
                                        "the projector was not ready after "
                                                + PROJECTOR_READY_MAX));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the projector was starting", e);
        }
    }

    /** An edge, and its address. */
    URI edge(ShutdownStack stack, Providers providers, List<URI> projectors, int port) {
        var known =
                providers.configs().stream()
                        .map(it -> new EdgeConfig.Provider(it.name(), it.apis()))
                        .toList();
        var config =
                EdgeConfig.of(liveKafkaProperties(), topics(), known, projectors.getFirst())
                        .withProjectors(projectors)
                        .withRoutes(
                                providers.routes().stream().map(Providers.Route::forEdge).toList())
                        .with(listen(port))
                        .with(edgeLimits())
                        .with(edgeWindow())
                        .with(edgeStreaming())
                        .with(edgeStartKeys())
                        .with(edgeTenantLimits())
                        .with(edgePartitions())
                        .with(edgeAccess())
                        .withMasterKeys(masterKeys);
        /* Meters of its own, for there may be a second edge in the process; it shows the others' too. */
        var own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return stack.push(
                        "edge",
                        Edge.start(
                                config,
                                own,
                                () -> own.scrape() + meters.scrape(),
                                InstantSource.system(),
                                new SecureRandom()))
                .address();
    }

    private ListenConfig listen(int port) {
        var defaults = ListenConfig.defaults();
        return new ListenConfig(
                settings.get(EdgeKeys.HOST),
                port,
                defaults.ioThreads(),
                defaults.trustForwarded(),
                edgeTls());
    }

    private @Nullable TlsConfig edgeTls() {
        boolean set =
                settings.isSet(AccessKeys.TLS_CERTIFICATE) || settings.isSet(AccessKeys.TLS_KEY);
        return set
                ? new TlsConfig(
                        settings.get(AccessKeys.TLS_CERTIFICATE), settings.get(AccessKeys.TLS_KEY))
                : null;
    }

    private LimitsConfig edgeLimits() {
        var defaults = LimitsConfig.defaults();
        int connections = settings.get(EdgeKeys.CONNECTIONS_MAX);
        int bodyBytesMax = Math.toIntExact(settings.get(EdgeKeys.BODY_MAX));
        return new LimitsConfig(
                bodyBytesMax,
                Math.max(defaults.bodiesBytesMax(), bodyBytesMax),
                defaults.headerBytesMax(),
                connections,
                connections - Math.ceilDiv(connections, CONNECTIONS_PER_SPARE));
    }

    private WindowConfig edgeWindow() {
        return new WindowConfig(
                        settings.get(EdgeKeys.WINDOW_MAX), WindowConfig.defaults().streamsMax())
                .withIndex(settings.get(EdgeKeys.INDEX_MAX));
    }

    private StreamingConfig edgeStreaming() {
        return new StreamingConfig(
                        settings.get(EdgeKeys.HEARTBEAT),
                        settings.get(EdgeKeys.RETRY),
                        settings.get(EdgeKeys.RETRY_JITTER))
                .withPatience(settings.get(EdgeKeys.STALLED_MAX), settings.get(EdgeKeys.AGE_MAX));
    }

    private StartKeysConfig edgeStartKeys() {
        return StartKeysConfig.defaults()
                .with(
                        settings.get(EdgeKeys.IDEMPOTENCY_WINDOW),
                        settings.get(EdgeKeys.IDEMPOTENCY_KEYS_MAX));
    }

    private TenantLimits edgeTenantLimits() {
        return new TenantLimits(
                new TenantLimits.Rate(
                        settings.get(EdgeKeys.TENANT_STARTS_PER_SECOND),
                        settings.get(EdgeKeys.TENANT_STARTS_BURST)),
                new TenantLimits.Rate(
                        settings.get(EdgeKeys.TENANT_REQUESTS_PER_SECOND),
                        settings.get(EdgeKeys.TENANT_REQUESTS_BURST)),
                settings.get(EdgeKeys.TENANT_READERS_MAX));
    }

    private PartitionsConfig edgePartitions() {
        try {
            return new PartitionsConfig(
                    settings.find(EdgeKeys.PARTITIONS).orElse(Set.of()),
                    settings.find(EdgeKeys.PARTITIONS_ELSEWHERE).orElse(Map.of()));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(
                    EdgeKeys.PARTITIONS_ELSEWHERE.name() + ": " + e.getMessage());
        }
    }

    private AccessConfig edgeAccess() {
        var keys = new TreeMap<String, List<String>>();
        settings.tenantNames()
                .forEach(name -> keys.put(name, settings.get(Keys.tenantApiKeys(name))));
        try {
            return new AccessConfig(
                    keys,
                    edgeJwt(),
                    edgeCapabilities(),
                    settings.find(AccessKeys.CORS_ORIGINS).orElse(List.of()),
                    settings.get(AccessKeys.ALLOW_ANONYMOUS));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(String.valueOf(e.getMessage()));
        }
    }

    private AccessConfig.@Nullable Jwt edgeJwt() {
        var given =
                Stream.of(AccessKeys.JWT_ISSUER, AccessKeys.JWT_AUDIENCE, AccessKeys.JWT_KEYS)
                        .filter(settings::isSet)
                        .count();
        return given == 0
                ? null
                : new AccessConfig.Jwt(
                        settings.get(AccessKeys.JWT_ISSUER),
                        settings.get(AccessKeys.JWT_AUDIENCE),
                        settings.get(AccessKeys.JWT_KEYS),
                        settings.get(AccessKeys.JWT_TENANT_CLAIM));
    }

    private AccessConfig.@Nullable Capabilities edgeCapabilities() {
        var lifetime = settings.get(AccessKeys.CAPABILITY_LIFETIME);
        return settings.find(AccessKeys.CAPABILITY_KEYS)
                .map(keys -> new AccessConfig.Capabilities(keys, lifetime))
                .orElse(null);
    }

    /** The Kafka that settings name, for a role that cannot do without. */
    static String bootstrapServers(Settings settings) {
        return settings.get(Keys.BOOTSTRAP_SERVERS);
    }

    /** The name of this machine, for members that have been given none. */
    static String hostName() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local");
    }

    /** What the keys of encrypted streams are wrapped with. */
    MasterKeys masterKeys() {
        return masterKeys;
    }

    Topics topics() {
        return topics(settings, partitions);
    }

    private static Topics topics(Settings settings, int partitions) {
        return new Topics(
                        settings.get(Keys.TOPICS_PREFIX),
                        partitions,
                        settings.get(Keys.TOPICS_REPLICATION).shortValue(),
                        settings.get(Keys.EVENT_RETENTION),
                        settings.get(Keys.COMMAND_RETENTION),
                        settings.get(Keys.RESULT_RETENTION))
                .managed(settings.get(Keys.TOPICS_MANAGEMENT))
                .withMinInSyncReplicas(minInSync(settings));
    }

    private static short minInSync(Settings settings) {
        int copies = settings.get(Keys.TOPICS_MIN_IN_SYNC);
        if (copies == 0) {
            throw new InvalidSettingsException(
                    Keys.TOPICS_MIN_IN_SYNC.name() + " must be 1 to 32, or -1, was 0");
        }
        return (short) copies;
    }

    /** The least that a role of this installation has to be allowed by Kafka. */
    static List<Right> rights(KafkaRole role, Settings settings) {
        return role.rights(topics(settings, settings.get(Keys.TOPICS_PARTITIONS)), parts(settings));
    }

    /* What the installation has that its roles need rights for; no file is read for that. */
    private static Set<KafkaRole.Part> parts(Settings settings) {
        var parts = EnumSet.noneOf(KafkaRole.Part.class);
        if (!settings.masterKeyIds().isEmpty()) {
            parts.add(KafkaRole.Part.ENCRYPTION);
        }
        if (!settings.tenantNames().isEmpty() || settings.isSet(AccessKeys.JWT_ISSUER)) {
            parts.add(KafkaRole.Part.AUTHENTICATION);
        }
        return parts;
    }

    /**
     * Makes sure that Kafka allows what a command does, before it does any of it. Whether it
     * answers at all the command finds out itself.
     *
     * @throws io.tidemark.schemas.NotAllowedException if it does not
     */
    void requireRights(KafkaRole role) {
        requireRights(role, EnumSet.allOf(AclOperation.class));
    }

    /** The same of some operations. */
    void requireRights(KafkaRole role, Set<AclOperation> operations) {
        try (var admin = Admin.create(Map.<String, Object>copyOf(kafkaProperties()))) {
            new RightsCheck(admin, role, topics(), parts(settings), RIGHTS_MAX).require(operations);
        } catch (TopicRefusedException e) {
            LOGGER.atDebug().setCause(e).log("cannot tell what Kafka allows");
        }
    }

    /** Settings of Kafka's clients for roles whose records somebody waits for. */
    Map<String, String> liveKafkaProperties() {
        var properties = new TreeMap<>(liveDefaults);
        properties.putAll(kafkaProperties());
        return properties;
    }

    /** Settings of Kafka's clients for everybody else. */
    Map<String, String> kafkaProperties() {
        var properties = new TreeMap<>(CONNECTING);
        properties.putAll(settings.kafkaProperties());
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
