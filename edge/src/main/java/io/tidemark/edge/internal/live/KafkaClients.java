package io.tidemark.edge.internal.live;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the edge's consumers: none of them is in a group, commits offsets or resets itself. What
 * the installation configures for Kafka, security for one, goes in; what our promises rest on does
 * not change. Immutable.
 */
public final class KafkaClients {
    /*
     * A fetch of the tail is answered as soon as there is a record; to ask again sooner would only
     * keep brokers busy while there is none.
     */
    private static final Duration TAIL_FETCH_WAIT = Duration.ofMillis(500);
    private static final int TAIL_PARTITION_FETCH_BYTES = 1024 * 1024;

    /* A broker that says nothing may have lost its cable, and its partitions another leader. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    /* Small fetches to find, large ones to scan: this is the latter, for a cold partition. */
    private static final int CATCH_UP_PARTITION_FETCH_BYTES = 512 * 1024;

    private final Map<String, String> settings;
    private final Duration catchUpFetchWait;

    /**
     * Clients of one cluster.
     *
     * @param settings Kafka client settings, {@code bootstrap.servers} among them
     * @param catchUpFetchWait longest time a broker holds a catch-up's fetch that finds nothing;
     *     short, because a consumer that changes its assignment waits it out first
     */
    public KafkaClients(Map<String, String> settings, Duration catchUpFetchWait) {
        this.settings = Map.copyOf(settings);
        this.catchUpFetchWait = catchUpFetchWait;
    }

    /** The consumer of the tail, which never changes its assignment. */
    KafkaConsumer<byte[], byte[]> tail() {
        return consumer("tail", TAIL_FETCH_WAIT, TAIL_PARTITION_FETCH_BYTES);
    }

    /** A consumer that follows another topic, and never changes its assignment. */
    public KafkaConsumer<byte[], byte[]> follow(String purpose) {
        return consumer(purpose, TAIL_FETCH_WAIT, TAIL_PARTITION_FETCH_BYTES);
    }

    /** A consumer to read the log back with, assigned anew for each read. */
    KafkaConsumer<byte[], byte[]> catchUp(int number) {
        return consumer("catch-up-" + number, catchUpFetchWait, CATCH_UP_PARTITION_FETCH_BYTES);
    }

    private KafkaConsumer<byte[], byte[]> consumer(
            String purpose, Duration fetchWait, int partitionFetchBytes) {
        var properties = new HashMap<String, Object>(settings);
        properties.putIfAbsent(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) SILENCE_MAX.toMillis());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-edge-" + purpose);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) fetchWait.toMillis());
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, partitionFetchBytes);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
