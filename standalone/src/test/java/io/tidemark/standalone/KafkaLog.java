package io.tidemark.standalone;

import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** The topics of a cluster as a test sees them. Confined to one thread. */
final class KafkaLog implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    private final String servers;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    KafkaLog(String bootstrapServers) {
        servers = bootstrapServers;
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
        var bytes = new ByteArraySerializer();
        producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", servers, "compression.type", "lz4"),
                        bytes,
                        bytes);
    }

    Admin admin() {
        return admin;
    }

    /** Appends records in their order, and waits until the log has them. */
    void append(List<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        var sent = records.stream().map(producer::send).toList();
        for (var ack : sent) {
            ack.get();
        }
    }

    /** Each committed record of a topic, in the order of its partition; returns how many. */
    long each(Topic topic, Consumer<ConsumerRecord<byte[], byte[]>> use) {
        var bytes = new ByteArrayDeserializer();
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers", servers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            long count = 0;
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var some = consumer.poll(Duration.ofMillis(100));
                some.forEach(use);
                count += some.count();
            }
            return count;
        }
    }

    /** How many committed records a topic has. */
    long count(Topic topic) {
        return each(topic, _ -> {});
    }

    void delete(Collection<String> topics) throws ExecutionException, InterruptedException {
        admin.deleteTopics(topics).all().get();
    }

    /** Deletes the internal topics and the group of an application that does not run. */
    void deleteApplication(String id) throws ExecutionException, InterruptedException {
        delete(
                admin.listTopics().names().get().stream()
                        .filter(name -> name.startsWith(id + "-"))
                        .toList());
        await().atMost(WAIT_MAX)
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> {
                    admin.deleteConsumerGroups(List.of(id)).all().get();
                    return true;
                });
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
