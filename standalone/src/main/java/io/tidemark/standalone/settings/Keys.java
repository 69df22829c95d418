package io.tidemark.standalone.settings;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.TopicManagement;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table of settings: every key there is, those of the edge, of providers and of encryption in
 * tables of their own ({@link EdgeKeys}, {@link AccessKeys}, {@link ProviderKeys}, {@link
 * EncryptionKeys}). {@code docs/settings.md} lists the same. Longer than most, as tables are.
 */
public final class Keys {
    public static final Key<Path> DATA_DIR =
            Key.of("data-dir", Reader.path(), "data", "where Kafka and the projector keep data");

    public static final Key<String> BOOTSTRAP_SERVERS =
            Key.optional(
                    "kafka.bootstrap-servers",
                    Reader.text(),
                    "host:port of the Kafka to use; where the embedded one listens");

    public static final Key<String> TOPICS_PREFIX =
            Key.of("topics.prefix", Reader.text(), "tidemark", "first part of every topic name");

    /** Partitions of new topics where one process is all there is to share them. */
    public static final int PARTITIONS_OF_ONE_PROCESS = 4;

    public static final Key<Integer> TOPICS_PARTITIONS =
            Key.of(
                    "topics.partitions",
                    Reader.number(1, 65_536),
                    "12",
                    "partitions of new topics; "
                            + PARTITIONS_OF_ONE_PROCESS
                            + " in standalone unless it is set");
    public static final Key<Integer> TOPICS_REPLICATION =
            Key.of(
                    "topics.replication-factor",
                    Reader.number(-1, 32),
                    "-1",
                    "copies of new topics; -1 leaves it to the brokers");
    public static final Key<Integer> TOPICS_MIN_IN_SYNC =
            Key.of(
                    "topics.min-insync-replicas",
                    Reader.number(-1, 32),
                    "-1",
                    "copies of new topics that have to have a record before it is acknowledged, at"
                            + " least so many of those that are there; -1 leaves it to the brokers");
    public static final Key<Duration> EVENT_RETENTION =
            Key.of("topics.event-retention", Reader.duration(), "7d", "how long events are kept");
    public static final Key<Duration> COMMAND_RETENTION =
            Key.of(
                    "topics.command-retention",
                    Reader.duration(),
                    "1d",
                    "how long commands and dead letters, which hold prompts, are kept");
    public static final Key<Duration> RESULT_RETENTION =
            Key.of(
                    "topics.result-retention",
                    Reader.duration(),
                    "90d",
                    "how long responses, usage and rollups are kept");

    public static final Key<TopicManagement> TOPICS_MANAGEMENT =
            Key.of(
                    "topics.management",
                    Reader.oneOf(TopicManagement.values()),
                    TopicManagement.CREATE.word(),
                    "create makes missing topics and refuses those whose settings break a promise;"
                            + " check makes none; manage also gives those that are there the settings"
                            + " they would be made with");

    public static final Key<String> INGEST_WORKER_ID =
            Key.optional(
                    "ingest.worker-id",
                    Reader.text(),
                    "name of the worker, the same after a restart; the host's name by default");
    public static final Key<Integer> INGEST_STREAMS_MAX =
            Key.of(
                    "ingest.streams-max",
                    Reader.number(1, 1_000_000),
                    "10000",
                    "most streams in flight");
    public static final Key<Duration> INGEST_LINGER =
            Key.of(
                    "ingest.linger",
                    Reader.duration(),
                    "0ms",
                    "how long an event may wait for others to share a batch");
    public static final Key<Long> INGEST_FRAME_MAX =
            Key.of(
                    "ingest.frame-bytes-max",
                    Reader.bytes(IngestLimits.FRAME_BYTES_CEILING),
                    "16MiB",
                    "largest event of a provider");
    public static final Key<Integer> INGEST_ITEMS_MAX =
            Key.of(
                    "ingest.items-max",
                    Reader.number(1, 1_000_000),
                    "1024",
                    "most output items of one response");
    public static final Key<Integer> INGEST_LANES_MAX =
            Key.of(
                    "ingest.lanes-max",
                    Reader.number(1, 1_000_000),
                    "8192",
                    "most parts of all its items together");
    public static final Key<Long> INGEST_CALL_INPUT_MAX =
            Key.of(
                    "ingest.call-input-chars-max",
                    Reader.bytes(1L << 30),
                    "16MiB",
                    "most characters of tool input kept for calls that are not whole yet");
    public static final Key<Duration> INGEST_DRAIN =
            Key.of(
                    "ingest.drain-timeout",
                    Reader.duration(),
                    "30s",
                    "how long streams in flight may go on when the worker stops, while others take"
                            + " its place; it has ended 30s later at the latest; at most 5s in standalone,"
                            + " whose Kafka stops with it");
    public static final Key<Duration> INGEST_DISCONNECT_GRACE =
            Key.of(
                    "ingest.disconnect-grace",
                    Reader.duration(),
                    "30s",
                    "how long a stream that is to be cancelled on disconnect goes on without a"
                            + " reader at any edge; more than 0 and at most 1d");

    public static final Key<String> INGEST_HOST =
            Key.of(
                    "ingest.host",
                    Reader.text(),
                    "127.0.0.1",
                    "address at which a worker that runs alone says how it is");
    public static final Key<Integer> INGEST_PORT =
            Key.optional(
                    "ingest.port",
                    Reader.number(0, 65_535),
                    "port for that, with /healthz, /readyz and /metrics; 0 takes any; none when not"
                            + " set");

    public static final Key<String> PROJECTOR_HOST =
            Key.of(
                    "projector.host",
                    Reader.text(),
                    "127.0.0.1",
                    "address the projector answers queries on");
    public static final Key<Integer> PROJECTOR_PORT =
            Key.of(
                    "projector.port",
                    Reader.number(0, 65_535),
                    "8081",
                    "port the projector answers queries on; 0 takes any");
    public static final Key<String> PROJECTOR_INSTANCE_ID =
            Key.optional(
                    "projector.instance-id",
                    Reader.text(),
                    "name of the instance, the same after a restart; the host's name by default");
    public static final Key<Integer> PROJECTOR_THREADS =
            Key.of("projector.threads", Reader.number(1, 64), "1", "stream threads");
    public static final Key<String> PROJECTOR_ADVERTISED_ADDRESS =
            Key.optional(
                    "projector.advertised-address",
                    Reader.text(),
                    "host:port at which other projectors reach this one; by default where it"
                            + " listens, and by the host's name if that is any address");
    public static final Key<Integer> PROJECTOR_STANDBY_REPLICAS =
            Key.of(
                    "projector.standby-replicas",
                    Reader.number(0, 3),
                    "0",
                    "copies of the state kept on other projectors, which answer what they can"
                            + " while one is away; the same on every projector");

    public static final Key<Duration> PROJECTOR_COMMIT_INTERVAL =
            Key.of(
                    "projector.commit-interval",
                    Reader.duration(),
                    "1s",
                    "time between transactions, 10ms to 5s: how late results are in their topics at"
                            + " most, which queries do not wait for; shorter ones cost the changelogs"
                            + " more bytes for each byte of text");
    public static final Key<Duration> PROJECTOR_SILENT_AFTER =
            Key.of(
                    "projector.silent-after",
                    Reader.duration(),
                    "10m",
                    "how long the log shows nothing of an open stream before it is counted and"
                            + " logged as silent; more than 0");
    public static final Key<Path> PROJECTOR_PRICES =
            Key.optional(
                    "projector.prices",
                    Reader.path(),
                    "YAML file with the prices that ledger rows are charged by, the same for every"
                            + " projector and for verify; no costs when not set");

    public static final Key<String> SIMULATOR_HOST =
            Key.of(
                    "simulator.host",
                    Reader.text(),
                    "127.0.0.1",
                    "address the simulator listens on; it serves whoever reaches it");
    public static final Key<Integer> SIMULATOR_PORT =
            Key.of(
                    "simulator.port",
                    Reader.number(0, 65_535),
                    "8090",
                    "port of the simulator; 0 takes any");
    public static final Key<Duration> SIMULATOR_FIRST_TOKEN =
            Key.of(
                    "simulator.first-token",
                    Reader.duration(),
                    "300ms",
                    "time to the first token; 0ms for none");
    public static final Key<Duration> SIMULATOR_TOKEN =
            Key.of(
                    "simulator.token-interval",
                    Reader.duration(),
                    "30ms",
                    "time between tokens; 0ms for none");
    public static final Key<Path> SIMULATOR_RECORDINGS =
            Key.optional(
                    "simulator.recordings-dir",
                    Reader.path(),
                    "directory of recorded streams to serve as models named recording:<file>");
    public static final Key<Path> SIMULATOR_JOURNAL =
            Key.optional(
                    "simulator.journal",
                    Reader.path(),
                    "file that the simulator adds a line of JSON to for each answer that reported"
                            + " what it used: what a ledger has to come out at");

    private static final List<Key<?>> FIXED =
            List.of(
                    DATA_DIR,
                    BOOTSTRAP_SERVERS,
                    TOPICS_PREFIX,
                    TOPICS_PARTITIONS,
                    TOPICS_REPLICATION,
                    TOPICS_MIN_IN_SYNC,
                    EVENT_RETENTION,
                    COMMAND_RETENTION,
                    RESULT_RETENTION,
                    TOPICS_MANAGEMENT,
                    EncryptionKeys.MASTER_KEY,
                    EdgeKeys.HOST,
                    EdgeKeys.PORT,
                    EdgeKeys.PROJECTOR_URL,
                    EdgeKeys.BODY_MAX,
                    EdgeKeys.WINDOW_MAX,
                    EdgeKeys.INDEX_MAX,
                    EdgeKeys.CONNECTIONS_MAX,
                    EdgeKeys.HEARTBEAT,
                    EdgeKeys.RETRY,
                    EdgeKeys.RETRY_JITTER,
                    EdgeKeys.PARTITIONS,
                    EdgeKeys.PARTITIONS_ELSEWHERE,
                    EdgeKeys.STALLED_MAX,
                    EdgeKeys.AGE_MAX,
                    EdgeKeys.TENANT_STARTS_PER_SECOND,
                    EdgeKeys.TENANT_STARTS_BURST,
                    EdgeKeys.TENANT_REQUESTS_PER_SECOND,
                    EdgeKeys.TENANT_REQUESTS_BURST,
                    EdgeKeys.TENANT_READERS_MAX,
                    EdgeKeys.IDEMPOTENCY_WINDOW,
                    EdgeKeys.IDEMPOTENCY_KEYS_MAX,
                    AccessKeys.TLS_CERTIFICATE,
                    AccessKeys.TLS_KEY,
                    AccessKeys.JWT_ISSUER,
                    AccessKeys.JWT_AUDIENCE,
                    AccessKeys.JWT_KEYS,
                    AccessKeys.JWT_TENANT_CLAIM,
                    AccessKeys.CAPABILITY_KEYS,
                    AccessKeys.CAPABILITY_LIFETIME,
                    AccessKeys.CORS_ORIGINS,
                    AccessKeys.ALLOW_ANONYMOUS,
                    INGEST_WORKER_ID,
                    INGEST_STREAMS_MAX,
                    INGEST_LINGER,
                    INGEST_FRAME_MAX,
                    INGEST_ITEMS_MAX,
                    INGEST_LANES_MAX,
                    INGEST_CALL_INPUT_MAX,
                    INGEST_DRAIN,
                    INGEST_DISCONNECT_GRACE,
                    INGEST_HOST,
                    INGEST_PORT,
                    PROJECTOR_HOST,
                    PROJECTOR_PORT,
                    PROJECTOR_INSTANCE_ID,
                    PROJECTOR_THREADS,
                    PROJECTOR_ADVERTISED_ADDRESS,
                    PROJECTOR_STANDBY_REPLICAS,
                    PROJECTOR_PRICES,
                    PROJECTOR_COMMIT_INTERVAL,
                    PROJECTOR_SILENT_AFTER,
                    SIMULATOR_HOST,
                    SIMULATOR_PORT,
                    SIMULATOR_FIRST_TOKEN,
                    SIMULATOR_TOKEN,
                    SIMULATOR_RECORDINGS,
                    SIMULATOR_JOURNAL);

    private static final Pattern ROUTE =
            Pattern.compile("routes\\.([a-z0-9][a-z0-9-]{0,62})\\.([a-z-]+)");
    private static final Pattern TENANT =
            Pattern.compile("tenants\\.([a-z0-9][a-z0-9-]{0,62})\\.([a-z-]+)");
    private static final Pattern KAFKA = Pattern.compile("kafka\\.([a-z][a-z0-9.]*)");

    private Keys() {}

    /** Every key with a fixed name, in the order of the documentation. */
    public static List<Key<?>> fixed() {
        return FIXED;
    }

    /** Models that a route is for. */
    public static Key<List<ModelPattern>> routeModels(String route) {
        return Key.optional(
                "routes." + route + ".models",
                Reader.modelPatterns(),
                "models it is for, with commas between; * stands for anything");
    }

    /** Providers that a route asks. */
    public static Key<List<String>> routeProviders(String route) {
        return Key.optional(
                "routes." + route + ".providers",
                Reader.list(),
                "providers to ask, in order; the next stands in for one that failed;"
                        + " name:model asks for another model");
    }

    /** Every key a route of that name has. */
    public static List<Key<?>> ofRoute(String route) {
        return List.of(routeModels(route), routeProviders(route));
    }

    /** Keys that a tenant's callers show. */
    public static Key<List<String>> tenantApiKeys(String tenant) {
        return Key.secret(
                "tenants." + tenant + ".api-keys",
                Reader.keys(),
                "keys to call the edge with for this tenant, with commas between; random, of at"
                        + " least 32 characters");
    }

    /** Every key a tenant of that name has. */
    public static List<Key<?>> ofTenant(String tenant) {
        return List.of(tenantApiKeys(tenant));
    }

    /** The tenant that a key is about, if it is about one. */
    static Optional<String> tenantName(String name) {
        var match = TENANT.matcher(name);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** The route that a key is about, if it is about one. */
    static Optional<String> routeName(String name) {
        var match = ROUTE.matcher(name);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** The Kafka client property that a key passes through, if it does. */
    static Optional<String> kafkaProperty(String name) {
        var match = KAFKA.matcher(name);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** Whether a key's value must never be shown. */
    static boolean secret(String name) {
        var key = named(name);
        return key == null ? name.matches(".*(password|secret|jaas|key|token).*") : key.secret();
    }

    /** The key of that name; null for one that passes through and for one that is unknown. */
    static @Nullable Key<?> named(String name) {
        var header = ProviderKeys.headerName(name);
        if (header.isPresent()) {
            return ProviderKeys.header(ProviderKeys.providerName(name).orElseThrow(), header.get());
        }
        return candidates(name).stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether there is such a setting, ours or one that passes through to Kafka's clients. */
    static boolean known(String name) {
        return named(name) != null || kafkaProperty(name).isPresent();
    }

    /** The known key that is spelled most like the given name. */
    static String nearest(String name) {
        return candidates(name).stream()
                .map(Key::name)
                .min(Comparator.comparingInt(key -> Spelling.distance(name, key)))
                .orElseThrow();
    }

    private static List<Key<?>> candidates(String name) {
        return ProviderKeys.providerName(name)
                .map(ProviderKeys::ofProvider)
                .or(() -> routeName(name).map(Keys::ofRoute))
                .or(() -> tenantName(name).map(Keys::ofTenant))
                .or(() -> EncryptionKeys.masterKeyId(name).map(EncryptionKeys::ofMasterKey))
                .orElse(FIXED);
    }
}
