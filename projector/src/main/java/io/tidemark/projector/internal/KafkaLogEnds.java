package io.tidemark.projector.internal;

import static java.util.stream.Collectors.toMap;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks Kafka where the log ends, and remembers when it answered last. An instance that Kafka has
 * not answered for {@link #SILENCE_MAX} is cut off: others may have erased by now what it still
 * has. Thread-safe.
 */
public final class KafkaLogEnds implements LogEnds, AutoCloseable {
    /** Longest time without a word from Kafka in which the stores are still good for something. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaLogEnds.class);

    private final Admin admin;
    private final String topic;
    private final LongSupplier nanoTime;
    /* Written by whoever has heard of Kafka, later over earlier or the other way round: no matter. */
    private volatile long heardAt;

    /**
     * Asks about a topic.
     *
     * @param admin closed with this
     * @param nanoTime time that goes on while the process is stopped, in nanoseconds
     */
    public KafkaLogEnds(Admin admin, String topic, LongSupplier nanoTime) {
        this.admin = admin;
        this.topic = topic;
        this.nanoTime = nanoTime;
        this.heardAt = nanoTime.getAsLong();
    }

    @Override
    public boolean inTouch() {
        return nanoTime.getAsLong() - heardAt < SILENCE_MAX.toNanos();
    }

    @Override
    public Map<Integer, Long> now(Set<Integer> partitions, Duration max)
            throws InterruptedException {
        long deadline = nanoTime.getAsLong() + max.toNanos();
        var options = new ListOffsetsOptions().timeoutMs(Math.toIntExact(max.toMillis()));
        var latest = admin.listOffsets(all(partitions, OffsetSpec.latest()), options);
        var earliest = admin.listOffsets(all(partitions, OffsetSpec.earliest()), options);
        var ends = new HashMap<Integer, Long>();
        for (int partition : partitions) {
            var first = offset(earliest, partition, deadline);
            var end = offset(latest, partition, deadline);
            if (first.isPresent() && end.isPresent()) {
                ends.put(partition, first.get() >= end.get() ? 0 : end.get());
            }
        }
        if (!ends.isEmpty()) {
            heardAt = nanoTime.getAsLong();
        }
        return ends;
    }

    private Map<TopicPartition, OffsetSpec> all(Set<Integer> partitions, OffsetSpec spec) {
        return partitions.stream()
                .collect(toMap(partition -> new TopicPartition(topic, partition), _ -> spec));
    }

    private Optional<Long> offset(ListOffsetsResult result, int partition, long deadline)
            throws InterruptedException {
        try {
            long left = Math.max(0, deadline - nanoTime.getAsLong());
            var found =
                    result.partitionResult(new TopicPartition(topic, partition))
                            .get(left, TimeUnit.NANOSECONDS);
            return Optional.of(found.offset());
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atDebug()
                    .addKeyValue("partition", partition)
                    .addKeyValue("error", e.toString())
                    .log("the log does not tell where it ends");
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
