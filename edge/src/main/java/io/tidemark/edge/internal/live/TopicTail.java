package io.tidemark.edge.internal.live;

import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Reads a small topic that edges share what they know by, from its beginning or not far from its
 * end, and follows it. It has a consumer and a thread of its own. {@link #start} and {@link #close}
 * may be called by any thread, once.
 */
public final class TopicTail implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicTail.class);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final long recordsMax;
    private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> take;
    private final TailThread thread;

    private TopicTail(
            Consumer<byte[], byte[]> consumer,
            String topic,
            int partitions,
            long recordsMax,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> take) {
        this.consumer = consumer;
        this.partitions =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        this.recordsMax = recordsMax;
        this.take = take;
        this.thread = new TailThread("tidemark-edge-" + topic, consumer, this::turn, this::failed);
    }

    /**
     * Starts. When it returns, everything that was in the log before the call has been taken.
     *
     * @param consumer of its own, closed with it
     * @param recordsMax most records of a partition that are read before it returns: older ones
     *     than so many are passed over
     * @param take takes a record, on the caller's thread or on the tail's; what it cannot read it
     *     says by a {@link MalformedRecordException}, which is logged
     * @param within how long it may take
     * @throws IllegalStateException if it takes longer
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     */
    public static TopicTail start(
            Consumer<byte[], byte[]> consumer,
            String topic,
            int partitions,
            long recordsMax,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> take,
            Duration within) {
        var tail = new TopicTail(consumer, topic, partitions, recordsMax, take);
        try {
            tail.readAll(within);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        tail.thread.start();
        return tail;
    }

    private void readAll(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions);
        consumer.beginningOffsets(partitions)
                .forEach((partition, first) ->
                        consumer.seek(
                                partition,
                                Math.max(first, ends.getOrDefault(partition, 0L) - recordsMax)));
        while (!reached(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(topic() + " was not read within " + within);
            }
            turn();
        }
    }

    private String topic() {
        return partitions.getFirst().topic();
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void turn() {
        try {
            consumer.poll(POLL).forEach(this::take);
        } catch (OffsetOutOfRangeException e) {
            /* What retention has removed means nothing to anybody any more. */
            consumer.seekToBeginning(e.partitions());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            take.accept(record);
        } catch (MalformedRecordException e) {
            LOGGER.atError()
                    .addKeyValue("topicName", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("field", e.field())
                    .log("record cannot be read, is passed by");
        }
    }

    private void failed(RuntimeException e) {
        LOGGER.atWarn()
                .addKeyValue("topicName", topic())
                .addKeyValue("error", e.toString())
                .log("topic cannot be read, will try again");
    }

    /** Stops the thread and closes the consumer; waits a few seconds at most. */
    @Override
    public void close() {
        thread.close();
    }
}
