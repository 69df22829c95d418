package io.tidemark.seal;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks for the key of one stream in the topic: its partition is in the stream's id, and so is the
 * time from which on it can be there. One look at a time, the others wait. What is read on the way
 * is remembered as well, so that whoever reads the log again from some time on looks once for many
 * streams.
 *
 * <p>Thread-safe; blocks, up to {@link KeyTopic#ANSWER_MAX} for each answer.
 */
final class KeyLookup implements AutoCloseable {
    /**
     * How long after its stream's id a key may have been written: a start that is asked for again
     * under the same idempotency key is made under the same id.
     */
    static final Duration LATE_MAX = Topics.START_KEY_WINDOW_MAX.plusHours(1);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final KeyCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * A look-up.
     *
     * @param consumer of its own, closed with it
     * @param cache gets what is read
     */
    KeyLookup(Consumer<byte[], byte[]> consumer, String topic, KeyCache cache) {
        this.consumer = consumer;
        this.topic = topic;
        this.cache = cache;
    }

    /**
     * Looks for a key, unless another look has found it meanwhile.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    Found find(StreamId id) {
        lock.lock();
        try {
            var known = cache.get(id);
            if (known != null) {
                return known;
            }
            var found = read(id);
            if (found == null) {
                return cache.noteAbsent(id);
            }
            /* What follows in its batch may have taken its place, or somebody has deleted it. */
            var now = cache.get(id);
            return now == null ? found : now;
        } finally {
            lock.unlock();
        }
    }

    /* The end is asked for first: what is appended after it was not there when we were asked. */
    private @Nullable Found read(StreamId id) {
        var partition = new TopicPartition(topic, id.partition());
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long time = id.time().toEpochMilli();
        var from = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
        if (from == null || from.offset() >= end) {
            return null;
        }
        if (!consumer.assignment().equals(Set.of(partition))) {
            consumer.assign(List.of(partition));
        }
        consumer.seek(partition, from.offset());
        return scan(id, partition, end);
    }

    private @Nullable Found scan(StreamId id, TopicPartition partition, long end) {
        long latest = id.time().plus(LATE_MAX).toEpochMilli();
        long deadline = System.nanoTime() + KeyTopic.ANSWER_MAX.toNanos();
        Found found = null;
        boolean past = false;
        while (found == null && !past && consumer.position(partition) < end) {
            var records = poll(partition);
            for (var record : records) {
                /* A batch is taken whole: where little is written it holds the deletion as well. */
                found = Objects.equals(id, cache.take(record)) ? cache.get(id) : found;
                past |= record.timestamp() > latest;
            }
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + KeyTopic.ANSWER_MAX.toNanos();
            } else if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        "no record of %s within %s".formatted(partition, KeyTopic.ANSWER_MAX));
            }
        }
        return found;
    }

    private List<ConsumerRecord<byte[], byte[]>> poll(TopicPartition partition) {
        try {
            return consumer.poll(POLL).records(partition);
        } catch (OffsetOutOfRangeException e) {
            /* Retention was faster; the key may still be behind it. */
            consumer.seekToBeginning(List.of(partition));
            return List.of();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            consumer.close();
        } finally {
            lock.unlock();
        }
    }
}
