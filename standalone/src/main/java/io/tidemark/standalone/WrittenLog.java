package io.tidemark.standalone;

import static java.util.Objects.requireNonNull;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A log that is there before the system starts: whole streams, straight into the topic, as a worker
 * encodes them. No edge has any of it in memory. Confined to the thread that measures.
 */
final class WrittenLog implements AutoCloseable {
    private static final Duration STEP_MAX = Duration.ofMinutes(1);
    private static final Duration READ_MAX = Duration.ofMinutes(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int OTHERS_EVENTS = 100;
    private static final int BATCH_BYTES = 256 * 1_024;
    private static final Attempt ATTEMPT = new Attempt(0, 1);

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Topics topics;
    private final int partitions;
    private final RandomGenerator random = new SplittableRandom(1);

    private WrittenLog(
            Admin admin, KafkaProducer<byte[], byte[]> producer, Topics topics, int partitions) {
        this.admin = admin;
        this.producer = producer;
        this.topics = topics;
        this.partitions = partitions;
    }

    /** Connects to a Kafka and makes the topics there that are missing. */
    static WrittenLog open(String servers, Topics topics) {
        var admin = admin(servers);
        var partitions = new TopicProvisioner(admin, topics, STEP_MAX).ensure(topics.all());
        var producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                servers,
                                ProducerConfig.LINGER_MS_CONFIG,
                                "20",
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                Integer.toString(BATCH_BYTES),
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        int count = requireNonNull(partitions.get(topics.events().name()), "partitions");
        return new WrittenLog(admin, producer, topics, count);
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    /** Writes streams of others, of 100 events each, one behind the other in each partition. */
    void others(int records) {
        int left = records;
        while (left > 0) {
            int events = Math.min(left, OTHERS_EVENTS);
            int streams = Math.min(partitions, Math.ceilDiv(left, events));
            left -= streams(streams, Math.max(2, events)).size() * events;
        }
        producer.flush();
    }

    /**
     * Writes streams that go on side by side.
     *
     * @param events of each, at least two
     * @return their ids
     */
    List<StreamId> streams(int count, int events) {
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < count; i++) {
            ids.add(StreamId.mint(InstantSource.system(), random, i % partitions));
        }
        for (int sequence = 0; sequence < events; sequence++) {
            for (var id : ids) {
                write(id, sequence, body(sequence, events));
            }
        }
        producer.flush();
        return ids;
    }

    private static EventBody body(int sequence, int events) {
        if (sequence == 0) {
            return new LifecycleBody.Started(
                    "openai", "sim", "openai.responses", null, 1, null, null, null, null);
        }
        return sequence == events - 1
                ? new LifecycleBody.Completed(
                        Outcome.COMPLETE, "stop", null, null, null, null, null)
                : new TextDelta(System.nanoTime() + " ", null);
    }

    private void write(StreamId id, long sequence, EventBody body) {
        var event = new StreamEvent(id, sequence, System.currentTimeMillis(), Placement.NONE, body);
        var _ = producer.send(EventRecord.of(topics.events().name(), event, ATTEMPT, null));
    }

    /**
     * Waits until a projector has read everything, so that it wants no processor any more.
     *
     * @throws BenchFailedException if that takes longer than a quarter of an hour
     */
    static void awaitProjected(String servers, Topics topics, Path data)
            throws InterruptedException {
        var group =
                ProjectorConfig.of(Map.of("bootstrap.servers", servers), topics, data)
                        .applicationId();
        long deadline = System.nanoTime() + READ_MAX.toNanos();
        try (var admin = admin(servers)) {
            while (lag(admin, group, topics.events().name()) > 0) {
                if (System.nanoTime() > deadline) {
                    throw new BenchFailedException(
                            "the projector had not read the log after " + READ_MAX);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot tell how far the projector is", e.getCause());
        }
    }

    private static long lag(Admin admin, String group, String topic)
            throws ExecutionException, InterruptedException {
        var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        var partitions = requireNonNull(described, "described").partitions();
        var ends =
                admin.listOffsets(
                                partitions.stream()
                                        .collect(
                                                Collectors.toMap(
                                                        it ->
                                                                new TopicPartition(
                                                                        topic, it.partition()),
                                                        _ -> OffsetSpec.latest())))
                        .all()
                        .get();
        var read =
                new HashMap<>(
                        admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get());
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    var committed = read.get(end.getKey());
                    long at = committed == null ? 0 : committed.offset();
                    return end.getValue().offset() - at;
                })
                .sum();
    }

    @Override
    public void close() {
        try (admin) {
            producer.close();
        }
    }
}
