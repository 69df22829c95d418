package io.tidemark.projector.internal;

import static org.apache.kafka.clients.consumer.ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.FETCH_MIN_BYTES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BUFFER_MEMORY_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;

import static java.util.stream.Collectors.toMap;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The settings of Kafka Streams, in three layers: our defaults, what the operator passes through,
 * and what the promises rest on. Stateless.
 */
public final class StreamsSettings {
    /** Longest a stream thread waits for records before it looks after commits. */
    static final int POLL_MS = 20;

    /*
     * A broker collects events for this many bytes or milliseconds before it answers. At some
     * thousand events a second the main consumer would otherwise fetch each as it comes, and the
     * round trips cost more than the folding. Results are not on the way to those who read live, and
     * wait for a commit anyway; a query that waits for a sequence waits this much longer.
     */
    private static final int FETCH_MIN_BYTES = 64 * 1024;
    private static final int FETCH_MAX_WAIT_MS = 25;

    /** How long a dead instance's partitions wait for it; brokers take no less by default. */
    static final int SESSION_TIMEOUT_MS = 6_000;

    /*
     * A coordinator that follows one that says nothing gives each member one session to be heard.
     * Whoever waited for the last one for longer than half of that might ask too late.
     */
    private static final int COORDINATOR_SILENCE_MS = SESSION_TIMEOUT_MS / 2;

    /** The cache of all stream threads together, in bytes. */
    static final long CACHE_BYTES = 32L * 1024 * 1024;

    private static final int DELIVERY_TIMEOUT_MS = 30_000;
    private static final int REQUEST_TIMEOUT_MS = 10_000;

    /* A batch that lingers is sent at the commit; the changelog is better for fuller batches. */
    private static final int LINGER_MS = 10;

    /*
     * A task reads two topics whose order does not matter, and one of them is fed by the other: to
     * hold back events until results have been fetched would be to wait for itself.
     */
    private static final long WAIT_FOR_NO_OTHER_TOPIC = -1;

    /* What is there is waited for, and nothing that may yet come. */
    private static final long WAIT_FOR_WHAT_IS_THERE = 0;

    private StreamsSettings() {}

    /**
     * Has a task read its topics by the timestamps of their records. Results that are taken over
     * are then written among those that are folded about where they stood before, which what is
     * made of them depends on: the ledger tells rows apart by how late they come.
     */
    static void inOrderOfTime(Properties settings) {
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, WAIT_FOR_WHAT_IS_THERE);
    }

    /**
     * The settings of one instance.
     *
     * @param memory what its RocksDB stores share
     * @param address {@code HOST:PORT} of its query endpoint, told to the other instances
     */
    public static Properties of(ProjectorConfig config, RocksMemory memory, String address) {
        var settings = new Properties();
        defaults(settings, config);
        settings.putAll(config.kafka());
        promises(settings, config);
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        settings.put(BoundedRocksDb.MEMORY, memory);
        return settings;
    }

    private static void defaults(Properties settings, ProjectorConfig config) {
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.timings().commitInterval().toMillis());
        settings.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.topics().replicationFactor());
        if (config.topics().minInSyncReplicas() > 0) {
            settings.put(
                    StreamsConfig.topicPrefix(Topics.MIN_IN_SYNC),
                    Short.toString(config.topics().minInSyncReplicas()));
        }
        var given = config.kafka().keySet();
        consumerDefaults(given).forEach(settings::put);
        producerDefaults(given).forEach(settings::put);
    }

    /*
     * What an operator gives without a prefix must win over a default that has one, which Kafka
     * Streams would prefer.
     */
    private static Map<String, Object> consumerDefaults(Set<String> given) {
        var defaults =
                Map.<String, Object>of(
                        FETCH_MIN_BYTES_CONFIG,
                        FETCH_MIN_BYTES,
                        FETCH_MAX_WAIT_MS_CONFIG,
                        FETCH_MAX_WAIT_MS,
                        SESSION_TIMEOUT_MS_CONFIG,
                        SESSION_TIMEOUT_MS,
                        HEARTBEAT_INTERVAL_MS_CONFIG,
                        SESSION_TIMEOUT_MS / 3,
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        COORDINATOR_SILENCE_MS);
        return unless(
                key ->
                        given.contains(key)
                                || given.contains(StreamsConfig.consumerPrefix(key))
                                || given.contains(consumer(key)),
                defaults,
                StreamsSettings::consumer);
    }

    private static Map<String, Object> producerDefaults(Set<String> given) {
        var defaults =
                Map.<String, Object>of(
                        COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        LINGER_MS_CONFIG,
                        LINGER_MS,
                        REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_TIMEOUT_MS,
                        DELIVERY_TIMEOUT_MS_CONFIG,
                        DELIVERY_TIMEOUT_MS);
        return unless(
                key -> given.contains(key) || given.contains(producer(key)),
                defaults,
                StreamsSettings::producer);
    }

    private static Map<String, Object> unless(
            Predicate<String> given, Map<String, Object> defaults, UnaryOperator<String> prefix) {
        return defaults.entrySet().stream()
                .filter(setting -> !given.test(setting.getKey()))
                .collect(toMap(it -> prefix.apply(it.getKey()), Map.Entry::getValue));
    }

    private static void promises(Properties settings, ProjectorConfig config) {
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, WAIT_FOR_NO_OTHER_TOPIC);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(consumer(GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        int requestBytesMax =
                config.topics().events().messageBytesMax() + 2 * Topic.RECORD_OVERHEAD_BYTES;
        settings.put(producer(MAX_REQUEST_SIZE_CONFIG), requestBytesMax);
        settings.put(producer(BUFFER_MEMORY_CONFIG), 2L * requestBytesMax);
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueExceptionHandler.class);
    }

    private static String consumer(String key) {
        return StreamsConfig.mainConsumerPrefix(key);
    }

    private static String producer(String key) {
        return StreamsConfig.producerPrefix(key);
    }
}
