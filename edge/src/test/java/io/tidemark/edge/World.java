package io.tidemark.edge;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StartKey;
import io.tidemark.schemas.StartWord;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** What a test of the edge has around it: topics, a producer for the log, a projector, edges. */
final class World implements AutoCloseable {
    static final int PARTITIONS = 3;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final Topics topics =
            new Topics(
                    TestKafka.current().prefix("t" + NUMBER.incrementAndGet()),
                    PARTITIONS,
                    (short) -1,
                    Duration.ofDays(7),
                    Duration.ofDays(1),
                    Duration.ofDays(90));
    final FakeProjector projector = new FakeProjector();

    /** Of the edge that was started last. */
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    final RandomGenerator random = new Random(7);
    private final Map<String, String> kafka = TestKafka.current().settings();
    private final Admin admin = Admin.create(Map.copyOf(kafka));
    private final KafkaProducer<byte[], byte[]> producer = producer();
    private final List<Edge> edges = new ArrayList<>();

    World() {
        new TopicProvisioner(admin, topics, Duration.ofSeconds(20))
                .ensure(List.of(topics.commands(), topics.events()));
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        TestKafka.current().bootstrapServers(),
                        "acks",
                        "all",
                        "linger.ms",
                        0,
                        "max.request.size",
                        8 * 1_024 * 1_024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    EdgeConfig config() {
        return config(kafka);
    }

    EdgeConfig config(Map<String, String> kafka) {
        return EdgeConfig.of(
                kafka,
                topics,
                List.of(
                        new EdgeConfig.Provider(
                                "openai", List.of("openai.responses", "openai.chat")),
                        new EdgeConfig.Provider("other", List.of("openai.responses"))),
                projector.address());
    }

    /** One with small limits, whose patience with clients ends soon. */
    EdgeConfig impatient(LimitsConfig limits, Duration request, Duration body, Duration keepAlive) {
        return config().with(limits)
                .with(
                        new TimeoutsConfig(
                                request,
                                body,
                                keepAlive,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(1)));
    }

    Edge edge() {
        return edge(config());
    }

    Edge edge(EdgeConfig config) {
        return edge(config, InstantSource.system());
    }

    Edge edge(EdgeConfig config, InstantSource clock) {
        meters = new SimpleMeterRegistry();
        var edge = Edge.start(config, meters, () -> "tidemark_up 1\n", clock, new SecureRandom());
        edges.add(edge);
        return edge;
    }

    StreamId newId() {
        return StreamId.mint(InstantSource.system(), random, random.nextInt(PARTITIONS));
    }

    LogWriter writer() {
        return writer(newId());
    }

    LogWriter writer(StreamId id) {
        return new LogWriter(producer, topics.events().name(), id);
    }

    /** Asks the workers for a stream, as an edge does, for a tenant or for nobody's. */
    void started(StreamId id, @Nullable String tenant) throws Exception {
        command(
                new Command.Start(
                        id,
                        1,
                        "openai.responses",
                        "openai",
                        "sim",
                        Client.JSON.createObjectNode(),
                        OnDisconnect.CONTINUE,
                        tenant,
                        Map.of(),
                        null));
    }

    void command(Command command) throws Exception {
        producer.send(CommandCodec.record(topics.commands().name(), command)).get();
    }

    /** From now on no command is acknowledged to those who have written some before. */
    void commandsAreNotAcknowledged() throws Exception {
        admin.deleteTopics(List.of(topics.commands().name())).all().get();
    }

    /** From now on the log of events cannot be read. */
    void eventsCannotBeRead() throws Exception {
        admin.deleteTopics(List.of(topics.events().name())).all().get();
    }

    /** Removes everything from the log of events that is there now. */
    void expireEvents(StreamId id) throws Exception {
        expireBefore(id, -1);
    }

    void expireBefore(StreamId id, long offset) throws Exception {
        var partition = new TopicPartition(topics.events().name(), id.partition());
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
    }

    double readers() {
        return meters.find("tidemark.edge.readers").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    double count(String meter) {
        return meters.get(meter).counter().count();
    }

    /** All commands written so far. */
    List<Command> commands() {
        return records(topics.commands().name()).stream()
                .map(record -> CommandCodec.decode(record.value()))
                .toList();
    }

    /** All that was erased so far. */
    List<Erasure> erasures() {
        return records(topics.erasures().name()).stream().map(Erasure::of).toList();
    }

    /** The records of commands and of keys, as they stand. */
    List<ConsumerRecord<byte[], byte[]>> commandRecords() {
        return records(topics.commands().name());
    }

    List<ConsumerRecord<byte[], byte[]>> keyRecords() {
        return records(topics.keys().name());
    }

    /** Appends a record, as a worker would. */
    void append(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get();
    }

    /** Erases a stream, as an edge would. */
    void erase(Erasure erasure) throws Exception {
        producer.send(erasure.record(topics.erasures().name())).get();
    }

    /** All that edges have said of the keys of starts so far, in the order of each key's words. */
    List<Map.Entry<StartKey, StartWord>> startWords() {
        return records(topics.startKeys().name()).stream()
                .map(record -> Map.entry(StartKey.of(record), StartWord.decode(record.value())))
                .toList();
    }

    /** Says something of the key of a start, as an edge would. */
    void say(StartKey key, StartWord word) throws Exception {
        new TopicProvisioner(admin, topics, Duration.ofSeconds(20))
                .ensure(List.of(topics.events(), topics.startKeys()));
        producer.send(key.record(topics.startKeys().name(), PARTITIONS, word)).get();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        var properties =
                Map.<String, Object>of("bootstrap.servers", TestKafka.current().bootstrapServers());
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = new ArrayList<TopicPartition>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new TopicPartition(topic, i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        edges.parallelStream().forEach(Edge::close);
        projector.close();
        producer.close(Duration.ofSeconds(2));
        admin.close(Duration.ofSeconds(2));
    }
}
