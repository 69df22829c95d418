package io.tidemark.edge.internal.access;

import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.Revocation;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Reads the topic of revocations from its beginning and follows its end. It has a consumer and a
 * thread of its own. {@link #start} and {@link #close} may be called by any thread, once.
 */
public final class RevocationTail implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RevocationTail.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Capabilities capabilities;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private RevocationTail(
            Consumer<byte[], byte[]> consumer,
            String topic,
            int partitions,
            Capabilities capabilities) {
        this.consumer = consumer;
        this.partitions =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        this.capabilities = capabilities;
        this.thread =
                Thread.ofPlatform().name("tidemark-edge-revocations").daemon().unstarted(this::run);
    }

    /**
     * Starts. When it returns, everything that was revoked before the call is known.
     *
     * @param consumer of its own, closed with it
     * @param within how long it may take
     * @throws IllegalStateException if it takes longer
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     */
    public static RevocationTail start(
            Consumer<byte[], byte[]> consumer,
            String topic,
            int partitions,
            Capabilities capabilities,
            Duration within) {
        var tail = new RevocationTail(consumer, topic, partitions, capabilities);
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
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (!reached(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("revocations were not read within " + within);
            }
            turn();
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void run() {
        while (stop.getCount() > 0) {
            try {
                turn();
            } catch (WakeupException e) {
                LOGGER.atDebug().log("woken to stop");
            } catch (OffsetOutOfRangeException e) {
                /* What retention has removed revoked nothing that is still good. */
                consumer.seekToBeginning(e.partitions());
            } catch (RuntimeException e) {
                pause(e);
            }
        }
        consumer.close();
    }

    private void turn() {
        consumer.poll(POLL).forEach(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            capabilities.heed(Revocation.of(record));
        } catch (MalformedRecordException e) {
            LOGGER.atError()
                    .addKeyValue("topicName", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("what was revoked cannot be read");
        }
    }

    private void pause(RuntimeException e) {
        LOGGER.atWarn()
                .addKeyValue("error", e.toString())
                .log("revocations cannot be read, will try again");
        try {
            if (stop.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atDebug().log("stops while it cannot read");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the thread and closes the consumer; waits a few seconds at most. */
    @Override
    public void close() {
        stop.countDown();
        consumer.wakeup();
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                LOGGER.atWarn().log("revocations did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
