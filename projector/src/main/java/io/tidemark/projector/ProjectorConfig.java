package io.tidemark.projector;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.RightsCheck;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a projector needs to know before it starts. Immutable.
 *
 * @param kafka Kafka client and Kafka Streams settings, passed through; holds at least {@code
 *     bootstrap.servers}, and none of those in {@link #OWNED}
 * @param topics the topics to read and write
 * @param applicationId name of the consumer group and first part of the internal topics; another
 *     one starts from the beginning of the log, for which the result topics must be new as well
 * @param instanceId names this instance among those of the same application, the same after every
 *     restart, so that it gets its partitions back at once
 * @param stateDir where local state is kept; of one instance alone
 * @param host address the query endpoint listens on
 * @param port its port, 0 for one the system chooses
 * @param advertisedAddress {@code HOST:PORT} that other instances reach the query endpoint at; null
 *     for where it listens, and if that is any address, for the host's name
 * @param threads stream threads, 1 to {@value #THREADS_MAX}
 * @param standbyReplicas copies of the state kept warm on other instances, 0 to {@value
 *     #STANDBY_REPLICAS_MAX}
 * @param queriesMax most queries answered at a time, until the answer is sent, which bounds the
 *     memory they take
 * @param waitersMax most queries that wait at a time for a sequence
 * @param prices what ledger rows are charged by, the same at every instance; {@link
 *     PriceTable#NONE} for no costs
 * @param timings how long it waits
 * @param masterKeys what the keys of encrypted streams are wrapped with; {@link MasterKeys#NONE} if
 *     there are none
 */
public record ProjectorConfig(
        Map<String, String> kafka,
        Topics topics,
        String applicationId,
        String instanceId,
        Path stateDir,
        String host,
        int port,
        @Nullable String advertisedAddress,
        int threads,
        int standbyReplicas,
        int queriesMax,
        int waitersMax,
        PriceTable prices,
        ProjectorTimings timings,
        MasterKeys masterKeys) {
    /** Settings that the projector makes itself, because promises rest on them. */
    public static final Set<String> OWNED =
            Set.of(
                    "application.id",
                    "application.server",
                    "group.instance.id",
                    "num.standby.replicas",
                    "num.stream.threads",
                    "processing.guarantee",
                    "rocksdb.config.setter",
                    "state.dir");

    /** Most stream threads. */
    public static final int THREADS_MAX = 64;

    /** Most copies of the state. */
    public static final int STANDBY_REPLICAS_MAX = 3;

    /** Queries answered at a time, by default. */
    public static final int QUERIES_MAX_DEFAULT = 8;

    /** Queries that wait at a time, by default. */
    public static final int WAITERS_MAX_DEFAULT = 1_000;

    private static final int PORT_MAX = 65_535;
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):[1-9][0-9]{0,4}");
    private static final String NAME = "[a-zA-Z0-9._-]{1,200}";

    /** Checks every value; messages name the field and the value found. */
    public ProjectorConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(stateDir, "stateDir");
        requireNonNull(host, "host");
        requireNonNull(prices, "prices");
        requireNonNull(timings, "timings");
        requireNonNull(masterKeys, "masterKeys");
        requireBootstrap(kafka);
        requireName("applicationId", applicationId);
        requireName("instanceId", instanceId);
        requireRange("port", port, 0, PORT_MAX);
        requireAddress(advertisedAddress);
        requireRange("threads", threads, 1, THREADS_MAX);
        requireRange("standbyReplicas", standbyReplicas, 0, STANDBY_REPLICAS_MAX);
        requireRange("queriesMax", queriesMax, 1, Integer.MAX_VALUE);
        requireRange("waitersMax", waitersMax, 1, Integer.MAX_VALUE);
    }

    /**
     * A single instance with the defaults: application {@code <prefix>-projector}, one thread, the
     * query endpoint on a port of 127.0.0.1 that the system chooses.
     */
    public static ProjectorConfig of(Map<String, String> kafka, Topics topics, Path stateDir) {
        return new ProjectorConfig(
                kafka,
                topics,
                topics.projector(),
                "projector-0",
                stateDir,
                "127.0.0.1",
                0,
                null,
                1,
                0,
                QUERIES_MAX_DEFAULT,
                WAITERS_MAX_DEFAULT,
                PriceTable.NONE,
                ProjectorTimings.defaults(),
                MasterKeys.NONE);
    }

    /** The same under another application id. */
    public ProjectorConfig withApplicationId(String id) {
        var draft = new Draft(this);
        draft.applicationId = id;
        return draft.checked();
    }

    /**
     * The application that makes a generation of results: that of generation 0 has the configured
     * id, each other one the same with {@code -g} and the number.
     */
    public String applicationId(Topics ofGeneration) {
        return ofGeneration.application(applicationId);
    }

    /**
     * The same for the results of a generation, by the application that makes them.
     *
     * @param generation from 0
     */
    public ProjectorConfig ofGeneration(int generation) {
        var others = topics.withGeneration(generation);
        return withTopics(others).withApplicationId(applicationId(others));
    }

    /* Such as those of another generation. */
    private ProjectorConfig withTopics(Topics others) {
        var draft = new Draft(this);
        draft.topics = others;
        return draft.checked();
    }

    /**
     * What is to be allowed a projector, or whoever rebuilds its results, by whoever this client
     * is.
     *
     * @param admin used, not closed
     * @param timeout longest wait for an answer
     */
    public RightsCheck rights(Admin admin, KafkaRole role, Duration timeout) {
        return new RightsCheck(
                admin,
                role,
                topics,
                masterKeys.isEmpty() ? Set.of() : Set.of(KafkaRole.Part.ENCRYPTION),
                timeout);
    }

    /** The same as another instance of the application. */
    public ProjectorConfig withInstanceId(String id) {
        var draft = new Draft(this);
        draft.instanceId = id;
        return draft.checked();
    }

    /** The same with its query endpoint elsewhere. */
    public ProjectorConfig withAddress(String newHost, int newPort) {
        var draft = new Draft(this);
        draft.host = newHost;
        draft.port = newPort;
        return draft.checked();
    }

    /** The same with another address that others are told. */
    public ProjectorConfig withAdvertisedAddress(@Nullable String address) {
        var draft = new Draft(this);
        draft.advertisedAddress = address;
        return draft.checked();
    }

    /** The same with other numbers of threads and standby replicas. */
    public ProjectorConfig withThreads(int newThreads, int newStandbyReplicas) {
        var draft = new Draft(this);
        draft.threads = newThreads;
        draft.standbyReplicas = newStandbyReplicas;
        return draft.checked();
    }

    /** The same with other prices. */
    public ProjectorConfig withPrices(PriceTable newPrices) {
        var draft = new Draft(this);
        draft.prices = newPrices;
        return draft.checked();
    }

    /** The same with other timings. */
    public ProjectorConfig withTimings(ProjectorTimings newTimings) {
        var draft = new Draft(this);
        draft.timings = newTimings;
        return draft.checked();
    }

    /** The same with keys for encrypted streams. */
    public ProjectorConfig withMasterKeys(MasterKeys newMasterKeys) {
        var draft = new Draft(this);
        draft.masterKeys = newMasterKeys;
        return draft.checked();
    }

    private static void requireBootstrap(Map<String, String> kafka) {
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new IllegalArgumentException("kafka must hold bootstrap.servers");
        }
        for (var key : kafka.keySet()) {
            if (OWNED.contains(key)) {
                throw new IllegalArgumentException(
                        "kafka must not hold " + key + ", which the projector sets itself");
            }
        }
    }

    private static void requireName(String field, String value) {
        if (!value.matches(NAME)) {
            throw new IllegalArgumentException(field + " must match " + NAME + ", was " + value);
        }
    }

    private static void requireAddress(@Nullable String address) {
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "advertisedAddress must be HOST:PORT, with an IPv6 address in brackets, was "
                            + address);
        }
    }

    private static void requireRange(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s must be %d to %d, was %d".formatted(field, min, max, value));
        }
    }

    /** Leaves the values of Kafka settings out, among which there may be passwords. */
    @Override
    public String toString() {
        return "ProjectorConfig[applicationId="
                + applicationId
                + ", instanceId="
                + instanceId
                + ", stateDir="
                + stateDir
                + ", address="
                + host
                + ":"
                + port
                + ", threads="
                + threads
                + ", kafka="
                + kafka.keySet()
                + "]";
    }

    /* A configuration while values of it change, so that their order is spelled here alone. */
    private static final class Draft {
        private final Map<String, String> kafka;
        private Topics topics;
        private String applicationId;
        private String instanceId;
        private final Path stateDir;
        private String host;
        private int port;
        private @Nullable String advertisedAddress;
        private int threads;
        private int standbyReplicas;
        private final int queriesMax;
        private final int waitersMax;
        private PriceTable prices;
        private ProjectorTimings timings;
        private MasterKeys masterKeys;

        private Draft(ProjectorConfig from) {
            kafka = from.kafka;
            topics = from.topics;
            applicationId = from.applicationId;
            instanceId = from.instanceId;
            stateDir = from.stateDir;
            host = from.host;
            port = from.port;
            advertisedAddress = from.advertisedAddress;
            threads = from.threads;
            standbyReplicas = from.standbyReplicas;
            queriesMax = from.queriesMax;
            waitersMax = from.waitersMax;
            prices = from.prices;
            timings = from.timings;
            masterKeys = from.masterKeys;
        }

        private ProjectorConfig checked() {
            return new ProjectorConfig(
                    kafka,
                    topics,
                    applicationId,
                    instanceId,
                    stateDir,
                    host,
                    port,
                    advertisedAddress,
                    threads,
                    standbyReplicas,
                    queriesMax,
                    waitersMax,
                    prices,
                    timings,
                    masterKeys);
        }
    }
}
