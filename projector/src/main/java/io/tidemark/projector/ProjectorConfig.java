package io.tidemark.projector;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topics;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

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
 * @param threads stream threads, 1 to {@value #THREADS_MAX}
 * @param standbyReplicas copies of the state kept warm on other instances, 0 to {@value
 *     #STANDBY_REPLICAS_MAX}
 * @param queriesMax most queries answered at a time, until the answer is sent, which bounds the
 *     memory they take
 * @param waitersMax most queries that wait at a time for a sequence
 */
public record ProjectorConfig(
        Map<String, String> kafka,
        Topics topics,
        String applicationId,
        String instanceId,
        Path stateDir,
        String host,
        int port,
        int threads,
        int standbyReplicas,
        int queriesMax,
        int waitersMax) {
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
    private static final String NAME = "[a-zA-Z0-9._-]{1,200}";

    /** Checks every value; messages name the field and the value found. */
    public ProjectorConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(stateDir, "stateDir");
        requireNonNull(host, "host");
        requireBootstrap(kafka);
        requireName("applicationId", applicationId);
        requireName("instanceId", instanceId);
        requireRange("port", port, 0, PORT_MAX);
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
                topics.prefix() + "-projector",
                "projector-0",
                stateDir,
                "127.0.0.1",
                0,
                1,
                0,
                QUERIES_MAX_DEFAULT,
                WAITERS_MAX_DEFAULT);
    }

    /** The same under another application id. */
    public ProjectorConfig withApplicationId(String id) {
        return new ProjectorConfig(
                kafka,
                topics,
                id,
                instanceId,
                stateDir,
                host,
                port,
                threads,
                standbyReplicas,
                queriesMax,
                waitersMax);
    }

    /** The same as another instance of the application. */
    public ProjectorConfig withInstanceId(String id) {
        return new ProjectorConfig(
                kafka,
                topics,
                applicationId,
                id,
                stateDir,
                host,
                port,
                threads,
                standbyReplicas,
                queriesMax,
                waitersMax);
    }

    /** The same with its query endpoint elsewhere. */
    public ProjectorConfig withAddress(String newHost, int newPort) {
        return new ProjectorConfig(
                kafka,
                topics,
                applicationId,
                instanceId,
                stateDir,
                newHost,
                newPort,
                threads,
                standbyReplicas,
                queriesMax,
                waitersMax);
    }

    /** The same with other numbers of threads and standby replicas. */
    public ProjectorConfig withThreads(int newThreads, int newStandbyReplicas) {
        return new ProjectorConfig(
                kafka,
                topics,
                applicationId,
                instanceId,
                stateDir,
                host,
                port,
                newThreads,
                newStandbyReplicas,
                queriesMax,
                waitersMax);
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
}
