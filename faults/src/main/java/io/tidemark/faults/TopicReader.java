package io.tidemark.faults;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads topics from their beginning to where they end when the reading begins. Confined to one
 * thread.
 */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    private TopicReader(String bootstrapServers, String isolation) {
        var bytes = new ByteArrayDeserializer();
        consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation),
                        bytes,
                        bytes);
    }

    /** Reads every record there is. */
    static TopicReader ofAll(String bootstrapServers) {
        return new TopicReader(bootstrapServers, "read_uncommitted");
    }

    /** Reads what was committed, up to the first transaction that is open. */
    static TopicReader ofCommitted(String bootstrapServers) {
        return new TopicReader(bootstrapServers, "read_committed");
    }

    /** Shows each record of a topic, those of a partition in order. */
    void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        var partitions =
                consumer.partitionsFor(topic).stream()
                        .map(it -> new TopicPartition(topic, it.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(reader);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
