package io.tidemark.ingest.internal;

import io.tidemark.ingest.IngestConfig;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes the Kafka clients of a worker. Settings come in three layers: our defaults, what the
 * configuration passes through, and what a promise rests on, which always wins. Immutable; each
 * client belongs to whoever asked for it.
 */
public final class KafkaClients {
    /* A command may hold a prompt of tens of megabytes; a fetch returns at least one record anyway. */
    private static final int COMMAND_FETCH_BYTES = 8 * 1024 * 1024;

    /* Large fetches to scan: small ones cost several times as much for each record passed by. */
    private static final int SCAN_FETCH_BYTES = 1024 * 1024;
    private static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

    /* The largest command that its topic takes, and the headers that say why it was set aside. */
    private static final int LETTER_BYTES_MAX = 33 * 1024 * 1024;

    private static final long BUFFER_BYTES = 64L * 1024 * 1024;

    /* A lease names all streams of a partition; it may be as large as the topic takes. */
    private static final int COMMAND_BYTES_MAX = 32 * 1024 * 1024;
    private static final int SESSION_BEATS = 6;

    /*
     * A coordinator that follows one that says nothing gives each member one session to be heard.
     * Whoever waited for the last one for longer than half of that might ask too late.
     */
    private static final int SESSION_SILENCES = 2;

    /*
     * What comes while a request is under way shares the next one, so batches grow with the load
     * alone; and no request can overtake one that failed. See docs/decisions/006.
     */
    private static final int REQUESTS_IN_FLIGHT = 1;

    private final IngestConfig config;

    public KafkaClients(IngestConfig config) {
        this.config = config;
    }

    /** Name of the one group that all workers of an installation are members of. */
    public String groupId() {
        return config.topics().workers();
    }

    public Admin admin() {
        return Admin.create(layered(Map.of(), Map.of()));
    }

    /**
     * The consumer of commands: a static member of the group, so that a worker that comes back
     * within the session, even after a kill, gets its partitions back without a rebalance.
     */
    public Consumer<byte[], byte[]> commands() {
        int session = Math.toIntExact(config.timings().session().toMillis());
        return new KafkaConsumer<>(
                layered(
                        Map.of(
                                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                                session,
                                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                                session / SESSION_BEATS,
                                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                session / SESSION_SILENCES,
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                COMMAND_FETCH_BYTES),
                        Map.of(
                                ConsumerConfig.GROUP_ID_CONFIG,
                                groupId(),
                                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                                config.workerId(),
                                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                                "classic",
                                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                                CooperativeStickyAssignor.class.getName(),
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                /* Where what was committed is gone; who owns a partition tells so. */
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * A consumer without a group, to read a log back or beside the group. It waits no longer for an
     * answer than producers do: whoever scans holds what others wait for, and asks again.
     */
    public Consumer<byte[], byte[]> scanner() {
        int answer = Math.toIntExact(config.timings().delivery().toMillis() / 2);
        return new KafkaConsumer<>(
                layered(
                        Map.of(
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                SCAN_FETCH_BYTES,
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                5000,
                                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                silence(),
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                answer),
                        Map.of(
                                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                                50,
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The producer of events, which all streams share. */
    public Producer<byte[], byte[]> producer() {
        return producer(config.limits().eventBytesMax() + RECORD_OVERHEAD_BYTES, BUFFER_BYTES);
    }

    /** The producer of claims, leases and done records. */
    public Producer<byte[], byte[]> commandProducer() {
        return producer(COMMAND_BYTES_MAX, BUFFER_BYTES);
    }

    /** The producer of dead letters, which are as large as commands. */
    public Producer<byte[], byte[]> letterProducer() {
        return producer(LETTER_BYTES_MAX, LETTER_BYTES_MAX);
    }

    /*
     * How long a broker may say nothing before it is asked again, or another: three times within
     * the time for a delivery, since the first who is asked again may not know the next leader.
     */
    private int silence() {
        return Math.toIntExact(config.timings().delivery().toMillis() / 4);
    }

    private Producer<byte[], byte[]> producer(int requestBytes, long bufferBytes) {
        int delivery = Math.toIntExact(config.timings().delivery().toMillis());
        return new KafkaProducer<>(
                layered(
                        Map.of(
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                bufferBytes,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                silence()),
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                REQUESTS_IN_FLIGHT,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                delivery,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                delivery,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                requestBytes)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Map<String, Object> layered(Map<String, Object> defaults, Map<String, Object> fixed) {
        var all = new HashMap<String, Object>(defaults);
        all.putAll(config.kafka());
        all.putAll(fixed);
        return all;
    }
}
