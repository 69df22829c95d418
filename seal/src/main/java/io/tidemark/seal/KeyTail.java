package io.tidemark.seal;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows the topic of keys, so that a key that is deleted is forgotten at once, and most keys are
 * there before they are needed. It begins some way before the end: what was deleted before that the
 * brokers have removed, since they compact after {@code Topics.KEY_COMPACTION_LAG}. It has a thread
 * of its own; {@link #close} may be called by any, once.
 */
final class KeyTail implements AutoCloseable {
    /** How far before the end of the topic it begins. */
    static final Duration BEFORE_END = Duration.ofHours(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(KeyTail.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final KeyCache cache;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private KeyTail(Consumer<byte[], byte[]> consumer, String topic, KeyCache cache) {
        this.consumer = consumer;
        this.cache = cache;
        this.thread = Thread.ofPlatform().name("tidemark-" + topic).daemon().unstarted(this::run);
    }

    /**
     * Starts. When it returns, what it begins with has been read.
     *
     * @param consumer of its own, closed with it
     * @param recordsMax most records of a partition that are read before it returns
     * @param within how long that may take
     * @throws IllegalStateException if it takes longer
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     */
    static KeyTail start(
            Consumer<byte[], byte[]> consumer,
            String topic,
            KeyCache cache,
            long recordsMax,
            Instant now,
            Duration within) {
        var tail = new KeyTail(consumer, topic, cache);
        try {
            tail.begin(topic, recordsMax, now, within);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        tail.thread.start();
        return tail;
    }

    private void begin(String topic, long recordsMax, Instant now, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        var partitions = consumer.partitionsFor(topic).stream().map(KeyTail::partition).toList();
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions);
        starts(partitions, ends, recordsMax, now).forEach(consumer::seek);
        while (!reached(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(topic + " was not read within " + within);
            }
            turn();
        }
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private Map<TopicPartition, Long> starts(
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            long recordsMax,
            Instant now) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(it -> times.put(it, now.minus(BEFORE_END).toEpochMilli()));
        var starts = new HashMap<TopicPartition, Long>();
        consumer.offsetsForTimes(times)
                .forEach((partition, found) -> {
                    long end = ends.getOrDefault(partition, 0L);
                    long start = found == null ? end : found.offset();
                    starts.put(partition, Math.max(start, end - recordsMax));
                });
        return starts;
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void turn() {
        try {
            consumer.poll(POLL).forEach(cache::take);
        } catch (OffsetOutOfRangeException e) {
            consumer.seekToEnd(e.partitions());
            cache.forgetKeys();
        }
    }

    private void run() {
        try (consumer) {
            boolean on = true;
            while (on && stop.getCount() > 0) {
                on = turnOrPause();
            }
        }
    }

    private boolean turnOrPause() {
        try {
            turn();
            return true;
        } catch (WakeupException e) {
            return false;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("keys cannot be followed, will try again");
            return pause();
        }
    }

    private boolean pause() {
        try {
            return !stop.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops the thread, which closes the consumer; waits a few seconds at most. */
    @Override
    public void close() {
        stop.countDown();
        consumer.wakeup();
        try {
            if (!thread.join(STOP_MAX)) {
                LOGGER.atWarn().addKeyValue("threadName", thread.getName()).log("did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
