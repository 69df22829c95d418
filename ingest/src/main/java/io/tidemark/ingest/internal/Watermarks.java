package io.tidemark.ingest.internal;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Commits how far the partitions of a worker have come: for each the offset of its oldest open
 * start, when it has moved. Confined to the command loop's thread.
 */
final class Watermarks {
    private static final Logger LOGGER = LoggerFactory.getLogger(Watermarks.class);

    private final Consumer<byte[], byte[]> consumer;
    private final String topicName;
    private final Duration interval;
    private final Map<Integer, Long> committed = new HashMap<>();
    private long committedAt = System.nanoTime();

    /**
     * @param interval how often it commits at most
     */
    Watermarks(Consumer<byte[], byte[]> consumer, String topicName, Duration interval) {
        this.consumer = consumer;
        this.topicName = topicName;
        this.interval = interval;
    }

    /** Commits what has moved, if it is time again; does not wait. */
    void commitWhenDue(Collection<OwnedPartition> owners) {
        long now = System.nanoTime();
        if (now - committedAt < interval.toNanos()) {
            return;
        }
        committedAt = now;
        var moved = moved(owners);
        if (!moved.isEmpty()) {
            consumer.commitAsync(
                    moved,
                    (offsets, failure) -> {
                        if (failure == null) {
                            remember(offsets);
                        } else {
                            LOGGER.atDebug()
                                    .addKeyValue("error", failure.toString())
                                    .log("commit refused, the next one covers it");
                        }
                    });
        }
    }

    /** Commits what has moved, and waits that long at most; whoever is next reads further back. */
    void commitNow(Collection<OwnedPartition> owners, Duration longest) {
        var moved = moved(owners);
        if (moved.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(moved, longest);
            remember(moved);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("last commit refused, the next owner reads further back");
        }
    }

    /**
     * Asks the group whether a partition is ours, by a commit that changes nothing.
     *
     * @throws org.apache.kafka.clients.consumer.CommitFailedException if it is not
     * @throws org.apache.kafka.common.errors.RetriableException if it cannot tell now
     */
    void confirm(OwnedPartition owner, Duration longest) {
        consumer.commitSync(Map.of(of(owner), new OffsetAndMetadata(owner.watermark())), longest);
    }

    /** The partition is not ours any more. */
    void forget(int partition) {
        committed.remove(partition);
    }

    private Map<TopicPartition, OffsetAndMetadata> moved(Collection<OwnedPartition> owners) {
        var moved = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var owner : owners) {
            long watermark = owner.watermark();
            if (committed.getOrDefault(owner.partition(), -1L) < watermark) {
                moved.put(of(owner), new OffsetAndMetadata(watermark));
            }
        }
        return moved;
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) ->
                committed.merge(partition.partition(), offset.offset(), Math::max));
    }

    private TopicPartition of(OwnedPartition owner) {
        return new TopicPartition(topicName, owner.partition());
    }
}
