package io.tidemark.standalone;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Writes streams into the topic of events, as workers do, and keeps the sums of what it wrote.
 * Confined to the thread that measures.
 */
final class ProjectorLoad implements AutoCloseable {
    private static final Duration STEP_MAX = Duration.ofMinutes(1);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final LoadWords words;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = new SplittableRandom(1);
    private final List<LoadStream> streams = new ArrayList<>();

    private ProjectorLoad(
            KafkaProducer<byte[], byte[]> producer, String topic, int partitions, LoadWords words) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        this.words = words;
    }

    /**
     * Makes the topics and connects.
     *
     * @param linger how long an event waits for others: none, as a worker has it, or more
     */
    static ProjectorLoad open(String servers, Topics topics, LoadWords words, Duration linger) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", servers);
        int partitions;
        try (var admin = Admin.create(kafka)) {
            var made = new TopicProvisioner(admin, topics, STEP_MAX).ensure(topics.all());
            partitions = requireNonNull(made.get(topics.events().name()), "partitions");
        }
        var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                servers,
                                ProducerConfig.LINGER_MS_CONFIG,
                                Long.toString(linger.toMillis()),
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                Integer.toString(64 * 1_024),
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        return new ProjectorLoad(producer, topics.events().name(), partitions, words);
    }

    /** What was written. */
    record Sums(long streams, long events, long textBytes, long eventBytes) {
        double perTextByte(long bytes) {
            return (double) bytes / textBytes;
        }
    }

    /** A stream that begins now, of so many events. */
    LoadStream begin(long length) {
        var id = StreamId.mint(clock, random, streams.size() % partitions);
        var stream = new LoadStream(id, length, words);
        streams.add(stream);
        return stream;
    }

    /** Writes the next event of a stream. */
    void write(LoadStream stream, Callback written) {
        var _ = producer.send(stream.next(topic, clock.millis()), written);
    }

    /** The same, without being told when the log has it. */
    void write(LoadStream stream) {
        write(stream, (_, _) -> {});
    }

    /**
     * Writes whole streams, some of them side by side.
     *
     * @return the one that ended last
     */
    LoadStream whole(long count, long length, int sideBySide) {
        var open = new ArrayList<LoadStream>();
        var last = begin(length);
        open.add(last);
        for (long begun = 1; !open.isEmpty(); ) {
            open.forEach(this::write);
            last = open.getLast();
            open.removeIf(LoadStream::ended);
            for (; begun < count && open.size() < sideBySide; begun++) {
                open.add(begin(length));
            }
        }
        producer.flush();
        return last;
    }

    void flush() {
        producer.flush();
    }

    /** What was written until now. */
    Sums sums() {
        return new Sums(
                streams.size(),
                streams.stream().mapToLong(LoadStream::written).sum(),
                streams.stream().mapToLong(LoadStream::textBytes).sum(),
                streams.stream().mapToLong(LoadStream::eventBytes).sum());
    }

    /* What the log has not taken by then is of a run that was ended early. */
    @Override
    public void close() {
        producer.close(CLOSE_MAX);
    }
}
