package io.tidemark.export.internal;

import io.tidemark.export.ExportFailedException;
import io.tidemark.schemas.Scope;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The committed records of one topic, read partition by partition up to where they ended, in no
 * consumer group.
 */
public final class CommittedLog implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /** Longest wait for the next record of a partition that has one. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String POLL_RECORDS_MAX = "2000";
    private static final String FETCH_WAIT_MS = "20";
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final String servers;

    CommittedLog(Consumer<byte[], byte[]> consumer, String topic, String servers) {
        this.consumer = consumer;
        this.topic = topic;
        this.servers = servers;
    }

    /**
     * A part of a partition.
     *
     * @param from first offset
     * @param end offset behind the last one
     */
    public record Range(TopicPartition partition, long from, long end) {
        long length() {
            return end - from;
        }
    }

    /** Takes records in the order of their offsets, and says whether it wants the next one. */
    public interface Sink {
        boolean take(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /** A log with these settings of Kafka's clients. */
    public static CommittedLog open(Map<String, String> kafka, String topic) {
        var bytes = new ByteArrayDeserializer();
        return new CommittedLog(
                new KafkaConsumer<>(settings(kafka), bytes, bytes),
                topic,
                kafka.getOrDefault("bootstrap.servers", ""));
    }

    /** Whether there is a topic of that name. */
    static boolean exists(Map<String, String> kafka, String topic) {
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(settings(kafka), bytes, bytes)) {
            return consumer.listTopics(ANSWER_MAX).containsKey(topic);
        }
    }

    private static Map<String, Object> settings(Map<String, String> kafka) {
        var settings = new HashMap<String, Object>(kafka);
        settings.remove("group.id");
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        /* To go on behind what retention removes meanwhile would leave a hole that nobody sees. */
        settings.put("auto.offset.reset", "none");
        settings.put("max.poll.records", POLL_RECORDS_MAX);
        /* At the end of a partition a fetch is under way, and the next partition waits it out. */
        settings.put("fetch.max.wait.ms", FETCH_WAIT_MS);
        return settings;
    }

    /**
     * What is to be read for a scope, as of now: up to the first record whose transaction is still
     * open, which nobody is to have seen, or to the end.
     *
     * @throws ExportFailedException if there is no such topic or no such partition
     */
    public List<Range> ranges(Scope scope) {
        int count = partitions();
        var wanted =
                scope.partitions(count)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .toList();
        for (var partition : wanted) {
            if (partition.partition() >= count) {
                throw new ExportFailedException(
                        "the id names partition %d, and %s has partitions 0 to %d"
                                .formatted(partition.partition(), topic, count - 1));
            }
        }
        var ends = consumer.endOffsets(wanted, ANSWER_MAX);
        var begins = begins(wanted, scope.earliest());
        return wanted.stream()
                .map(it -> range(it, begins.getOrDefault(it, 0L), ends.getOrDefault(it, 0L)))
                .toList();
    }

    private static Range range(TopicPartition partition, long begin, long end) {
        return new Range(partition, Math.min(begin, end), end);
    }

    private int partitions() {
        try {
            var found = consumer.partitionsFor(topic, ANSWER_MAX);
            if (found == null || found.isEmpty()) {
                throw new ExportFailedException("there is no topic " + topic + " at " + servers);
            }
            return found.size();
        } catch (TimeoutException e) {
            throw new ExportFailedException(
                    "no answer from %s after %s, asked for topic %s"
                            .formatted(servers, ANSWER_MAX, topic),
                    e);
        }
    }

    private Map<TopicPartition, Long> begins(
            List<TopicPartition> partitions, Optional<Instant> earliest) {
        var begins = new HashMap<>(consumer.beginningOffsets(partitions, ANSWER_MAX));
        earliest.ifPresent(instant -> {
            long time = Math.max(0, instant.minus(Scope.CLOCK_SKEW).toEpochMilli());
            var times = partitions.stream().collect(Collectors.toMap(it -> it, _ -> time));
            consumer.offsetsForTimes(times, ANSWER_MAX)
                    .forEach((partition, found) ->
                            begins.put(partition, found == null ? Long.MAX_VALUE : found.offset()));
        });
        return begins;
    }

    /**
     * Reads a range.
     *
     * @param moved hears how many offsets were passed since it last did
     * @throws ExportFailedException if the partition falls silent before the end
     * @throws IOException if the sink does
     */
    public void read(Range range, Sink sink, LongConsumer moved) throws IOException {
        var partition = range.partition();
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.from());
        long position = range.from();
        long lastMoved = System.nanoTime();
        while (position < range.end()) {
            requireNotInterrupted();
            for (var record : consumer.poll(POLL).records(partition)) {
                if (record.offset() < range.end() && !sink.take(record)) {
                    return;
                }
            }
            long reached = Math.min(consumer.position(partition), range.end());
            if (reached > position) {
                lastMoved = System.nanoTime();
                moved.accept(reached - position);
                position = reached;
            } else if (System.nanoTime() - lastMoved > SILENCE_MAX.toNanos()) {
                throw new ExportFailedException(
                        "no record of %s after offset %d for %s, and it ends at %d"
                                .formatted(partition, reached, SILENCE_MAX, range.end()));
            }
        }
    }

    /* A poll that has records to hand out does not look. */
    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("interrupted between two polls");
        }
    }

    @Override
    public void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_MAX));
        } catch (InterruptException _) {
            /* It is closed all the same, and what was done is done; the flag is still set. */
            Thread.currentThread().interrupt();
        }
    }
}
