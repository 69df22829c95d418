package io.tidemark.standalone.settings;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The table of settings: every key there is. {@code docs/settings.md} lists the same. */
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
    public static final Key<Integer> TOPICS_PARTITIONS =
            Key.of("topics.partitions", Reader.number(1, 65_536), "12", "partitions of new topics");
    public static final Key<Integer> TOPICS_REPLICATION =
            Key.of(
                    "topics.replication-factor",
                    Reader.number(-1, 32),
                    "-1",
                    "copies of new topics; -1 leaves it to the brokers");
    public static final Key<Duration> EVENT_RETENTION =
            Key.of("topics.event-retention", Reader.duration(), "7d", "how long events are kept");
    public static final Key<Duration> COMMAND_RETENTION =
            Key.of(
                    "topics.command-retention",
                    Reader.duration(),
                    "1d",
                    "how long commands, which hold prompts, are kept");
    public static final Key<Duration> RESULT_RETENTION =
            Key.of(
                    "topics.result-retention",
                    Reader.duration(),
                    "90d",
                    "how long responses and usage are kept");

    public static final Key<String> EDGE_HOST =
            Key.of("edge.host", Reader.text(), "127.0.0.1", "address the edge listens on");
    public static final Key<Integer> EDGE_PORT =
            Key.of(
                    "edge.port",
                    Reader.number(0, 65_535),
                    "8080",
                    "port the edge listens on; 0 takes any");
    public static final Key<URI> EDGE_PROJECTOR_URL =
            Key.of(
                    "edge.projector-url",
                    Reader.httpUri(),
                    "http://127.0.0.1:8081",
                    "where the projector answers queries");
    public static final Key<Long> EDGE_BODY_MAX =
            Key.of("edge.body-bytes-max", Reader.bytes(512L << 20), "8MiB", "largest request body");
    public static final Key<Long> EDGE_WINDOW_MAX =
            Key.of(
                    "edge.window-bytes-max",
                    Reader.bytes(Long.MAX_VALUE),
                    "128MiB",
                    "memory for recent events of all streams");
    public static final Key<Integer> EDGE_CONNECTIONS_MAX =
            Key.of(
                    "edge.connections-max",
                    Reader.number(2, 1_000_000),
                    "22000",
                    "most open connections; ten in eleven of them may read events");
    public static final Key<Duration> EDGE_HEARTBEAT =
            Key.of(
                    "edge.heartbeat-interval",
                    Reader.duration(),
                    "15s",
                    "longest silence on an open event stream");

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
    public static final Key<Duration> INGEST_DRAIN =
            Key.of(
                    "ingest.drain-timeout",
                    Reader.duration(),
                    "5s",
                    "how long streams in flight may go on when the worker stops");

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

    private static final List<Key<?>> FIXED =
            List.of(
                    DATA_DIR,
                    BOOTSTRAP_SERVERS,
                    TOPICS_PREFIX,
                    TOPICS_PARTITIONS,
                    TOPICS_REPLICATION,
                    EVENT_RETENTION,
                    COMMAND_RETENTION,
                    RESULT_RETENTION,
                    EDGE_HOST,
                    EDGE_PORT,
                    EDGE_PROJECTOR_URL,
                    EDGE_BODY_MAX,
                    EDGE_WINDOW_MAX,
                    EDGE_CONNECTIONS_MAX,
                    EDGE_HEARTBEAT,
                    INGEST_WORKER_ID,
                    INGEST_STREAMS_MAX,
                    INGEST_LINGER,
                    INGEST_DRAIN,
                    PROJECTOR_HOST,
                    PROJECTOR_PORT,
                    PROJECTOR_INSTANCE_ID,
                    PROJECTOR_THREADS,
                    SIMULATOR_PORT,
                    SIMULATOR_FIRST_TOKEN,
                    SIMULATOR_TOKEN,
                    SIMULATOR_RECORDINGS);

    private static final Pattern PROVIDER =
            Pattern.compile("providers\\.([a-z][a-z0-9-]{0,62})\\.([a-z0-9.-]+)");
    private static final Pattern KAFKA = Pattern.compile("kafka\\.([a-z][a-z0-9.]*)");

    private Keys() {}

    /** Every key with a fixed name, in the order of the documentation. */
    public static List<Key<?>> fixed() {
        return FIXED;
    }

    /** Address of a provider's API, up to and including its version. */
    public static Key<URI> providerBaseUrl(String provider) {
        return Key.optional(
                "providers." + provider + ".base-url", Reader.httpUri(), "address of its API");
    }

    /** Key a provider is called with. */
    public static Key<String> providerApiKey(String provider) {
        return Key.secret("providers." + provider + ".api-key", "key to call it with");
    }

    /** Most streams in flight with a provider. */
    public static Key<Integer> providerStreamsMax(String provider) {
        return Key.of(
                "providers." + provider + ".streams-max",
                Reader.number(1, 1_000_000),
                "10000",
                "most streams in flight with it");
    }

    /** Longest wait for the first byte of a provider's answer. */
    public static Key<Duration> providerFirstByte(String provider) {
        return Key.of(
                "providers." + provider + ".first-byte-timeout",
                Reader.duration(),
                "60s",
                "longest wait for the first byte of its answer");
    }

    /** Longest silence of a provider in the middle of a stream. */
    public static Key<Duration> providerIdle(String provider) {
        return Key.of(
                "providers." + provider + ".idle-timeout",
                Reader.duration(),
                "120s",
                "longest silence in the middle of a stream");
    }

    /** Longest time a stream may take in all. */
    public static Key<Duration> providerTotal(String provider) {
        return Key.of(
                "providers." + provider + ".total-timeout",
                Reader.duration(),
                "1h",
                "longest time a stream may take in all");
    }

    /** Every key a provider of that name has. */
    public static List<Key<?>> ofProvider(String provider) {
        return List.of(
                providerBaseUrl(provider),
                providerApiKey(provider),
                providerStreamsMax(provider),
                providerFirstByte(provider),
                providerIdle(provider),
                providerTotal(provider));
    }

    /** The provider that a key is about, if it is about one. */
    static Optional<String> providerName(String name) {
        var match = PROVIDER.matcher(name);
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
        var candidates = providerName(name).map(Keys::ofProvider).orElse(FIXED);
        return candidates.stream().filter(key -> key.name().equals(name)).findFirst().orElse(null);
    }

    /** Whether there is such a setting, ours or one that passes through to Kafka's clients. */
    static boolean known(String name) {
        return named(name) != null || kafkaProperty(name).isPresent();
    }

    /** The known key that is spelled most like the given name. */
    static String nearest(String name) {
        var provider = providerName(name);
        var candidates = provider.isPresent() ? ofProvider(provider.get()) : FIXED;
        return candidates.stream()
                .map(Key::name)
                .min(Comparator.comparingInt(key -> Spelling.distance(name, key)))
                .orElseThrow();
    }
}
