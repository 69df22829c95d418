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
    private final Map<String, String> settings;
    private final Duration fetchWaitMax;

    /**
     * Clients of one cluster.
     *
     * @param settings Kafka client settings, {@code bootstrap.servers} among them
     * @param fetchWaitMax longest time a broker holds a fetch that finds nothing; short, because a
     *     consumer that changes its assignment waits it out first
     */
    public KafkaClients(Map<String, String> settings, Duration fetchWaitMax) {
        this.settings = Map.copyOf(settings);
        this.fetchWaitMax = fetchWaitMax;
    }

    /** A consumer for one purpose, named after it. */
    KafkaConsumer<byte[], byte[]> consumer(String purpose, int partitionFetchBytes) {
        var properties = new HashMap<String, Object>(settings);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-edge-" + purpose);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) fetchWaitMax.toMillis());
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, partitionFetchBytes);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
