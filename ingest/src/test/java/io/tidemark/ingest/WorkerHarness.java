package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
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
import org.awaitility.Awaitility;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * One installation for one test: topics of its own, a provider, with what an edge does (asks,
 * cancels) and what a reader sees. Confined to the test's thread; workers started here are closed
 * with it.
 */
final class WorkerHarness implements AutoCloseable {
    static final int PARTITIONS = 2;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Largest command that an edge writes. */
    static final int COMMAND_BYTES_MAX = 31 * 1024 * 1024;

    static {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Topics topics;
    private final Map<String, String> kafka;
    private final ProviderSimulator simulator;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> events;
    private final KafkaConsumer<byte[], byte[]> commands;
    private final KafkaConsumer<byte[], byte[]> letters;
    private final Map<StreamId, StreamLog> streams = new HashMap<>();
    private final List<Command> told = new ArrayList<>();
    /* Offset of the last lease that names a stream. */
    private final Map<StreamId, Long> leasedAt = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> setAside = new ArrayList<>();
    private final List<IngestWorker> workers = new ArrayList<>();
    private final Random random = new Random(1);
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();

    /** In the Kafka that all tests share, with a provider of its own. */
    WorkerHarness() {
        this(ProviderSimulatorConfig.DEFAULT);
    }

    /** The same with another provider. */
    WorkerHarness(ProviderSimulatorConfig provider) {
        this(
                TestKafka.current().bootstrapServers(),
                TestKafka.current().prefix("t" + NUMBER.incrementAndGet()),
                1,
                provider);
    }

    /** In a Kafka that a test has for itself. */
    WorkerHarness(String bootstrapServers, String prefix) {
        this(bootstrapServers, prefix, 1);
    }

    /** The same with that many copies of each partition. */
    WorkerHarness(String bootstrapServers, String prefix, int replicas) {
        this(bootstrapServers, prefix, replicas, ProviderSimulatorConfig.DEFAULT);
    }

    private WorkerHarness(
            String bootstrapServers,
            String prefix,
            int replicas,
            ProviderSimulatorConfig provider) {
        this.simulator = ProviderSimulator.start(provider);
        this.kafka = Map.of("bootstrap.servers", bootstrapServers);
        var defaults = Topics.defaults();
        this.topics =
                new Topics(
                        prefix,
                        PARTITIONS,
                        (short) replicas,
                        defaults.eventRetention(),
                        defaults.commandRetention(),
                        defaults.resultRetention());
        this.admin = Admin.create(Map.copyOf(kafka));
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "max.request.size",
                                COMMAND_BYTES_MAX,
                                "buffer.memory",
                                2 * COMMAND_BYTES_MAX),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.events = consumer();
        this.commands = consumer();
        this.letters = consumer();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.get("bootstrap.servers"),
                        "fetch.max.wait.ms",
                        20,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The provider that workers ask, unless they are told of another one. */
    ProviderSimulator simulator() {
        return simulator;
    }

    static UpstreamTimeouts patient() {
        return UpstreamTimeouts.defaults();
    }

    /** Limits as they are, timings short enough for a test. */
    IngestConfig config(String workerId, ProviderConfig provider) {
        return IngestConfig.of(kafka, topics, workerId, List.of(provider))
                .withTimings(
                        new IngestTimings(
                                Duration.ofSeconds(30),
                                Duration.ofMillis(500),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(10),
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(6),
                                Duration.ofMinutes(1),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(2)));
    }

    static ProviderConfig provider(String baseUrl, UpstreamTimeouts timeouts) {
        return new ProviderConfig(
                "openai",
                List.of("openai.responses"),
                URI.create(baseUrl),
                new Secret("sk-test-key"),
                Map.of(),
                64,
                timeouts,
                Resilience.defaults().withAttemptsMax(1));
    }

    IngestWorker start(String baseUrl) {
        return start(config("worker-1", provider(baseUrl, patient())));
    }

    IngestWorker start(IngestConfig config) {
        meters.add(new SimpleMeterRegistry());
        var worker = IngestWorker.start(config, meters.getLast(), InstantSource.system());
        workers.add(worker);
        return worker;
    }

    IngestWorker start(String baseUrl, UnaryOperator<IngestConfig> change) {
        return start(change.apply(config("worker-1", provider(baseUrl, patient()))));
    }

    StreamId mint() {
        return StreamId.mint(InstantSource.system(), random, random.nextInt(PARTITIONS));
    }

    /** Asks for a stream as an edge does; pairs of metadata are for the simulator. */
    StreamId ask(String model, String... metadata) {
        var id = mint();
        send(startOf(id, model, metadata));
        return id;
    }

    /** The same of a stream that its provider goes on with by itself. */
    StreamId askInBackground(String model, String tokens, String tokenMs, String... metadata) {
        var id = mint();
        var start = startOf(id, model, metadata);
        start.request().put("background", true);
        start.request()
                .withObject("metadata")
                .put("sim_tokens", tokens)
                .put("sim_token_ms", tokenMs);
        send(start);
        return id;
    }

    static Command.Start startOf(StreamId id, String model, String... metadata) {
        var request = JsonNodeFactory.instance.objectNode().put("model", model).put("input", "hi");
        ObjectNode entries = request.putObject("metadata");
        for (int i = 0; i < metadata.length; i += 2) {
            entries.put(metadata[i], metadata[i + 1]);
        }
        return new Command.Start(
                id,
                System.currentTimeMillis(),
                "openai.responses",
                "openai",
                model,
                request,
                Command.OnDisconnect.CONTINUE,
                null,
                Map.of(),
                null);
    }

    void cancel(StreamId id) {
        send(new Command.Cancel(id, System.currentTimeMillis()));
    }

    void send(Command command) {
        send(CommandCodec.record(topics.commands().name(), command));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    Topics topics() {
        return topics;
    }

    void delete(Topic topic) {
        try {
            admin.deleteTopics(List.of(topic.name())).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** The stream as the log has it now. */
    StreamLog log(StreamId id) {
        read(events, topics.events().name())
                .forEach(record -> {
                    switch (EventRecord.of(record)) {
                        case EventRecord.Entry entry -> of(entry.id()).add(entry);
                        case EventRecord.Fence fence -> of(fence.id()).add(fence);
                        case EventRecord.Foreign foreign ->
                                throw new AssertionError(foreign.problem());
                    }
                });
        return of(id);
    }

    private StreamLog of(StreamId id) {
        return streams.computeIfAbsent(id, _ -> new StreamLog());
    }

    /** The stream once it has ended. */
    StreamLog ended(StreamId id) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(log(id).ended()).isTrue());
        return log(id);
    }

    /** Waits until the stream has so many events. */
    StreamLog reached(StreamId id, int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(log(id).events()).hasSizeGreaterThan(count));
        return log(id);
    }

    /** Every command in the log so far that can be read. */
    List<Command> commands() {
        read(commands, topics.commands().name())
                .forEach(record -> {
                    try {
                        told.add(CommandCodec.decode(record.value()));
                        if (told.getLast() instanceof Command.Lease lease) {
                            lease.open()
                                    .forEach(stream ->
                                            leasedAt.put(stream.requestId(), record.offset()));
                        }
                    } catch (RuntimeException e) {
                        told.add(new Command.Unknown("poison", 0));
                    }
                });
        return told;
    }

    /** Waits until a lease names the stream. */
    void awaitLease(StreamId id) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> {
                    commands();
                    assertThat(leasedAt).containsKey(id);
                });
    }

    /** Removes the commands of its partition before the last lease that names the stream. */
    void expireCommands(StreamId id) {
        commands();
        var partition = new TopicPartition(topics.commands().name(), id.partition());
        var before = RecordsToDelete.beforeOffset(Objects.requireNonNull(leasedAt.get(id)));
        try {
            admin.deleteRecords(Map.of(partition, before)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Every command that was set aside so far, as it stands there. */
    List<ConsumerRecord<byte[], byte[]>> setAside() {
        setAside.addAll(read(letters, topics.deadLetters().name()));
        return setAside;
    }

    List<Command.Done> done(StreamId id) {
        return commands().stream()
                .filter(command ->
                        command instanceof Command.Done done && done.requestId().equals(id))
                .map(Command.Done.class::cast)
                .toList();
    }

    /** Waits until the watermark says that nothing is open. */
    void awaitAllCommitted() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(lag()).isZero());
    }

    /** Commands that a worker starting now would read again. */
    long lag() throws ExecutionException, InterruptedException {
        var offsets =
                admin.listConsumerGroupOffsets(topics.prefix() + "-ingest")
                        .partitionsToOffsetAndMetadata()
                        .get();
        long lag = 0;
        for (var end : commands.endOffsets(partitions(topics.commands().name())).entrySet()) {
            var committed = offsets.get(end.getKey());
            lag += end.getValue() - (committed == null ? 0 : committed.offset());
        }
        return lag;
    }

    private static List<TopicPartition> partitions(String topicName) {
        var partitions = new ArrayList<TopicPartition>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new TopicPartition(topicName, i));
        }
        return partitions;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> consumer, String topicName) {
        if (consumer.assignment().isEmpty()) {
            consumer.assign(partitions(topicName));
            consumer.seekToBeginning(consumer.assignment());
        }
        var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(50)).forEach(all::add);
        }
        return all;
    }

    /** A counter, over all workers that were started. */
    double counted(String name, String... tags) {
        return meters.stream()
                .flatMap(registry -> registry.find(name).tags(tags).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        workers.forEach(IngestWorker::close);
        events.close();
        commands.close();
        letters.close();
        producer.close();
        admin.close();
        simulator.close();
    }
}
