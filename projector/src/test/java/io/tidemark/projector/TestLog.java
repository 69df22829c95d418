package io.tidemark.projector;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The log as a test sees it: events go in, committed results come out. Confined to one thread. */
final class TestLog implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final int REQUEST_BYTES_MAX = 32 * 1024 * 1024;

    private final Map<String, Object> kafka;
    private final Topics topics;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    /** The log of these topics; creates that of the events. */
    TestLog(String bootstrapServers, Topics topics) {
        this.kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.topics = topics;
        this.admin = Admin.create(kafka);
        new TopicProvisioner(admin, topics, WAIT_MAX).ensure(List.of(topics.events()));
        var settings = new HashMap<String, Object>(kafka);
        settings.put("max.request.size", REQUEST_BYTES_MAX);
        var bytes = new ByteArraySerializer();
        this.producer = new KafkaProducer<>(settings, bytes, bytes);
    }

    /** The topics under a prefix, otherwise with the defaults. */
    static Topics topics(String prefix, int partitions) {
        var defaults = Topics.defaults();
        return new Topics(
                prefix,
                partitions,
                defaults.replicationFactor(),
                defaults.eventRetention(),
                defaults.commandRetention(),
                defaults.resultRetention());
    }

    /** Appends records where their ids say, and waits until the log has them. */
    TestLog append(List<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        var sent = records.stream().map(record -> producer.send(here(record))).toList();
        for (var ack : sent) {
            ack.get();
        }
        return this;
    }

    /** Appends a record of whatever topic, and waits until the log has it. */
    void send(ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException {
        producer.send(record).get();
    }

    private ProducerRecord<byte[], byte[]> here(ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(
                topics.events().name(),
                record.partition(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** All committed records of a topic, in the order of each partition. */
    List<ConsumerRecord<byte[], byte[]>> committed(Topic topic) {
        var settings = new HashMap<String, Object>(kafka);
        settings.put("isolation.level", "read_committed");
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return readToEnd(consumer, consumer.endOffsets(partitions));
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> readToEnd(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100)).forEach(found::add);
        }
        return found;
    }

    /** Appends a result, as if a projector had. */
    void appendResult(Topic topic, StreamId id, byte[] value, Headers headers)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic.name(), id.partition(), id.key(), value, headers))
                .get();
    }

    /** Removes the events of a partition before an offset, as retention does. */
    void deleteEvents(int partition, long before) throws ExecutionException, InterruptedException {
        var place = new TopicPartition(topics.events().name(), partition);
        admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(before))).all().get();
    }

    /** Deletes the topics of the results, as one does before everything is folded again. */
    void deleteResults() throws ExecutionException, InterruptedException {
        admin.deleteTopics(
                        List.of(
                                topics.responses().name(),
                                topics.usage().name(),
                                topics.rollups().name()))
                .all()
                .get();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
