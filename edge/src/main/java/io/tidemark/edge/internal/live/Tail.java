package io.tidemark.edge.internal.live;

import io.tidemark.schemas.EventRecord;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;

/**
 * Follows the end of every partition that is served here and gives each record to the {@link
 * Window} and the {@link SparseIndex}. It has a consumer and a thread of its own, which does
 * nothing else: what readers do with the frames happens on their loops.
 *
 * <p>{@link #start} and {@link #close} may be called by any thread, once.
 */
public final class Tail implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Tail.class);

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Window window;
    private final SparseIndex index;
    private final ErasedStreams erased;
    private final Opener opener;
    private final InstantSource clock;
    private final EdgeMetrics metrics;
    private final TailThread thread;
    /* Written by the tail's thread. */
    private volatile long lag;
    private volatile long turnedAtMs;

    private Tail(
            KafkaClients clients,
            String topic,
            Set<Integer> partitions,
            Window window,
            SparseIndex index,
            ErasedStreams erased,
            Opener opener,
            InstantSource clock,
            EdgeMetrics metrics) {
        this.consumer = clients.tail();
        this.partitions =
                partitions.stream()
                        .sorted()
                        .map(partition -> new TopicPartition(topic, partition))
                        .toList();
        this.window = window;
        this.index = index;
        this.erased = erased;
        this.opener = opener;
        this.clock = clock;
        this.metrics = metrics;
        this.thread = new TailThread("tidemark-edge-tail", consumer, this::turn, this::failed);
    }

    /**
     * Starts to tail. When it returns, the place where the tail begins is settled: every record
     * appended from then on comes to the window.
     *
     * @param partitions those that are followed
     * @param erased streams whose events are passed by
     * @param opener opens what is sealed
     * @throws org.apache.kafka.common.KafkaException if the end of the log cannot be found
     */
    public static Tail start(
            KafkaClients clients,
            String topic,
            Set<Integer> partitions,
            Window window,
            SparseIndex index,
            ErasedStreams erased,
            Opener opener,
            InstantSource clock,
            EdgeMetrics metrics) {
        var tail =
                new Tail(clients, topic, partitions, window, index, erased, opener, clock, metrics);
        try {
            tail.seekToEnd();
        } catch (RuntimeException e) {
            tail.consumer.close();
            throw e;
        }
        tail.turnedAtMs = clock.millis();
        metrics.tailLag(() -> tail.lag);
        tail.thread.start();
        return tail;
    }

    private void seekToEnd() {
        consumer.assign(partitions);
        consumer.endOffsets(partitions)
                .forEach((partition, end) -> {
                    consumer.seek(partition, end);
                    window.startAt(partition.partition(), end);
                });
    }

    private void turn() {
        try {
            dispatch(consumer.poll(POLL));
        } catch (OffsetOutOfRangeException e) {
            skipToEnd(e);
        }
        lag = partitions.stream().mapToLong(p -> consumer.currentLag(p).orElse(0)).sum();
        turnedAtMs = clock.millis();
    }

    private void dispatch(ConsumerRecords<byte[], byte[]> records) {
        var left = new ArrayDeque<>(records.partitions());
        while (!left.isEmpty()) {
            var ofPartition = records.records(left.element());
            int taken = 0;
            try {
                for (var record : ofPartition) {
                    dispatch(record);
                    taken++;
                }
                left.remove();
            } catch (KafkaException e) {
                /* Whether there is a key could not be told: what is left is read again. */
                left.forEach(it -> consumer.seek(it, records.records(it).getFirst().offset()));
                consumer.seek(left.element(), ofPartition.get(taken).offset());
                throw e;
            }
        }
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> found) {
        var record = EventRecord.of(found);
        index.take(found.partition(), found.offset(), found.timestamp(), record);
        if (record instanceof EventRecord.Entry entry && erased.has(entry.id())) {
            window.pass(found.partition(), found.offset());
            return;
        }
        window.dispatch(found.partition(), found.offset(), found.timestamp(), opened(record));
        /* It may have been erased meanwhile: either we see that, or whoever erases sees the frame. */
        if (record instanceof EventRecord.Entry entry && erased.has(entry.id())) {
            window.erase(entry.id());
        }
    }

    private EventRecord opened(EventRecord record) {
        return record instanceof EventRecord.Entry entry ? opener.open(entry) : record;
    }

    /* The log was cut under the tail: what it missed is gone from the log as well. */
    private void skipToEnd(OffsetOutOfRangeException lost) {
        for (var partition : lost.partitions()) {
            LOGGER.atWarn()
                    .addKeyValue("partition", partition.partition())
                    .log("tail fell behind the beginning of the log");
            consumer.seekToEnd(List.of(partition));
            index.forgetPartition(partition.partition());
            window.forgetPartition(partition.partition());
        }
    }

    private void failed(RuntimeException e) {
        LOGGER.atWarn().addKeyValue("error", e.toString()).log("tail cannot read, will try again");
        metrics.tailFailed();
    }

    /** How long ago the tail last looked for records without a failure. */
    public Duration quietFor() {
        return Duration.ofMillis(Math.max(0, clock.millis() - turnedAtMs));
    }

    /** Records that the brokers have and the tail has not dispatched, as of its last look. */
    public long lag() {
        return lag;
    }

    /** Stops the thread and closes the consumer; waits a few seconds at most. */
    @Override
    public void close() {
        thread.close();
    }
}
