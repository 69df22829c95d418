package io.tidemark.devkit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the tests here do with a broker, each call with clients of its own. */
final class KafkaClients implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final String bootstrapServers;
    private final Admin admin;

    KafkaClients(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    void createTopic(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all()
                .get();
    }

    Set<String> topics() throws Exception {
        return admin.listTopics().names().get();
    }

    /** The brokers that have all of partition 0. */
    List<Integer> inSync(String topic) throws Exception {
        var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
        return described.values().stream()
                .map(found -> found.partitions().getFirst())
                .flatMap(partition -> partition.isr().stream())
                .map(Node::id)
                .sorted()
                .toList();
    }

    String brokerSetting(String key) throws Exception {
        var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        return admin.describeConfigs(List.of(broker))
                .values()
                .values()
                .iterator()
                .next()
                .get()
                .get(key)
                .value();
    }

    /** Writes the values to partition 0, each acknowledged before the next. */
    void produce(String topic, String... values) throws Exception {
        try (var producer = producer(Map.of("max.block.ms", 3_000))) {
            for (var value : values) {
                producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
            }
        }
    }

    KafkaProducer<String, String> transactionalProducer(String transactionalId) {
        return producer(Map.of("transactional.id", transactionalId));
    }

    /** The committed records of a topic from the beginning. */
    List<String> readAll(String topic, int partitions) {
        try (var consumer = consumer(Map.of("isolation.level", "read_committed"))) {
            var assignment = new ArrayList<TopicPartition>();
            for (var partition = 0; partition < partitions; partition++) {
                assignment.add(new TopicPartition(topic, partition));
            }
            consumer.assign(assignment);
            consumer.seekToBeginning(assignment);
            var ends = consumer.endOffsets(assignment, TIMEOUT);
            var values = new ArrayList<String>();
            while (assignment.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    /** Reads on from where the group is, and commits. */
    List<String> consumeInGroup(String topic, String group, int count) {
        try (var consumer = consumer(Map.of("group.id", group, "auto.offset.reset", "earliest"))) {
            consumer.subscribe(List.of(topic));
            var deadline = Instant.now().plus(TIMEOUT);
            var values = new ArrayList<String>();
            while (values.size() < count) {
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError("only " + values.size() + " of " + count);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            consumer.commitSync();
            return values;
        }
    }

    private KafkaProducer<String, String> producer(Map<String, Object> overrides) {
        return new KafkaProducer<>(
                settings(overrides), new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> overrides) {
        return new KafkaConsumer<>(
                settings(overrides), new StringDeserializer(), new StringDeserializer());
    }

    private Map<String, Object> settings(Map<String, Object> overrides) {
        var settings = new HashMap<String, Object>(overrides);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
