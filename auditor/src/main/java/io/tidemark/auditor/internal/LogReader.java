package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditFailedException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads partitions from a time to an offset, in no consumer group, committed records only. Confined
 * to the audit's thread.
 */
public final class LogReader implements AutoCloseable {
    /** Longest wait for the next record of a partition that has one. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    /* Twice the longest time between two commits of a projector; one that died is in the way longer. */
    private static final Duration UNCOMMITTED_MAX = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String FETCH_WAIT_MS = "20";
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;

    /** A reader with these settings of Kafka's clients. */
    public LogReader(Map<String, String> kafka) {
        this(
                new KafkaConsumer<>(
                        settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    LogReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    private static Map<String, Object> settings(Map<String, String> kafka) {
        var settings = new HashMap<String, Object>(kafka);
        settings.remove("group.id");
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        /* To go on behind what retention removes meanwhile would look like a gap. */
        settings.put("auto.offset.reset", "none");
        /* At the end of a partition a fetch is under way, and the next partition waits it out. */
        settings.put("fetch.max.wait.ms", FETCH_WAIT_MS);
        return settings;
    }

    /** Where the records of a partition begin. */
    public Horizon horizon(TopicPartition partition) {
        long beginning = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        var first = consumer.offsetsForTimes(Map.of(partition, 0L)).get(partition);
        return new Horizon(
                beginning, first == null ? Instant.MAX : Instant.ofEpochMilli(first.timestamp()));
    }

    /**
     * Reads events or commands, which nobody writes in transactions.
     *
     * @param horizon where the records begin; if retention has removed some of them since, reading
     *     fails, for they would look as if they were missing
     * @param from earliest time wanted; the records of some minutes before it are read as well
     * @param end offset to stop before
     * @throws AuditFailedException if the partition falls silent before that
     */
    public void read(
            TopicPartition partition,
            Horizon horizon,
            Optional<Instant> from,
            long end,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        read(partition, start(partition, horizon, from, end), end, () -> false, sink);
    }

    /**
     * Reads events from an offset on, until there is enough.
     *
     * @param start offset to begin at; what retention has removed from there on fails the reading
     * @param end offset to stop before
     * @param enough asked after each batch of records
     * @throws AuditFailedException if the partition falls silent before that
     */
    public void read(
            TopicPartition partition,
            long start,
            long end,
            BooleanSupplier enough,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long reached = readFor(partition, start, end, SILENCE_MAX, enough, sink);
        if (reached < end && !enough.getAsBoolean()) {
            throw new AuditFailedException(
                    "cannot read %s: no record after offset %d for %s, and it ends at %d"
                            .formatted(partition, reached, SILENCE_MAX, end));
        }
    }

    /**
     * Reads results, which may still be in a transaction.
     *
     * @return whether all up to the end were committed
     */
    public boolean readCommitted(
            TopicPartition partition,
            Horizon horizon,
            Optional<Instant> from,
            long end,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long start = start(partition, horizon, from, end);
        return readFor(partition, start, end, UNCOMMITTED_MAX, () -> false, sink) >= end;
    }

    private long readFor(
            TopicPartition partition,
            long start,
            long end,
            Duration silenceMax,
            BooleanSupplier enough,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        long position = start;
        long lastMoved = System.nanoTime();
        while (position < end
                && !enough.getAsBoolean()
                && System.nanoTime() - lastMoved < silenceMax.toNanos()) {
            for (var record : consumer.poll(POLL).records(partition)) {
                if (record.offset() < end) {
                    sink.accept(record);
                }
            }
            long moved = consumer.position(partition);
            lastMoved = moved > position ? System.nanoTime() : lastMoved;
            position = moved;
        }
        return position;
    }

    /**
     * The offset from which on there can be records of a time: some minutes before it, by the
     * partition's own time index.
     *
     * @param from earliest time wanted; empty for all that is there
     * @param end what it is where no record is as young as that
     */
    public long start(TopicPartition partition, Horizon horizon, Optional<Instant> from, long end) {
        if (from.isEmpty()) {
            return horizon.beginning();
        }
        long time = Math.max(0, from.get().minus(Horizon.CLOCK_SKEW).toEpochMilli());
        var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
        return found == null ? end : found.offset();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_MAX));
    }
}
