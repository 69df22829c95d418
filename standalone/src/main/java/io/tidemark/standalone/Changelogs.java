package io.tidemark.standalone;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** What a projector has written to its changelogs, at one broker. Stateless. */
final class Changelogs {
    /* What a record of a batch has beside its key and value, in bytes: lengths and differences. */
    private static final int RECORD_BYTES = 9;
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Bytes of the changelogs of one projector.
     *
     * @param onDisk what they take there, with what batches and transactions add
     * @param uncompressed their records, as they were before they were compressed
     */
    record Bytes(long onDisk, long uncompressed) {}

    private Changelogs() {}

    static Bytes of(String servers, String application) throws InterruptedException {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            var topics =
                    admin.listTopics().names().get().stream()
                            .filter(name -> name.startsWith(application + "-"))
                            .filter(name -> name.endsWith("-changelog"))
                            .toList();
            return new Bytes(onDisk(admin, topics), uncompressed(servers, topics));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot measure the changelogs", e.getCause());
        }
    }

    private static long onDisk(Admin admin, List<String> topics)
            throws ExecutionException, InterruptedException {
        var brokers =
                admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
        return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .map(LogDirDescription::replicaInfos)
                .flatMap(replicas -> replicas.entrySet().stream())
                .filter(replica -> topics.contains(replica.getKey().topic()))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    private static long uncompressed(String servers, List<String> topics) {
        var bytes = new ByteArrayDeserializer();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", servers), bytes, bytes)) {
            var partitions =
                    topics.stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return read(consumer, consumer.endOffsets(partitions));
        }
    }

    private static long read(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        long sum = 0;
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (var record : consumer.poll(POLL)) {
                sum += RECORD_BYTES + length(record.key()) + length(record.value());
            }
        }
        return sum;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
