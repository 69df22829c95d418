package io.tidemark.projector.internal.rebuild;

import io.tidemark.schemas.Topic;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a rebuild begins to read events: at the oldest that will not be gone before it gets there.
 * Stateless but for its clients.
 *
 * <p>Retention removes the oldest events as time passes. Those that it will remove within {@link
 * #LEAD_MAX} are not read: reading is a great deal faster than time, so whoever has that lead keeps
 * it.
 */
final class Beginnings {
    /** Longest time ahead of retention at which a rebuild begins. */
    static final Duration LEAD_MAX = Duration.ofHours(1);

    private static final int RETENTION_PER_LEAD = 8;

    /** How long a topic keeps its records, in milliseconds; negative for ever. */
    static final String RETENTION = "retention.ms";

    private final Brokers brokers;
    private final InstantSource clock;

    Beginnings(Brokers brokers, InstantSource clock) {
        this.brokers = brokers;
        this.clock = clock;
    }

    /** By partition of a topic of events, the offset to begin at. */
    Map<Integer, Long> of(Topic events) throws InterruptedException {
        var partitions = brokers.partitions(events);
        var begins = new HashMap<Integer, Long>();
        brokers.beginnings(partitions)
                .forEach((partition, offset) -> begins.put(partition.partition(), offset));
        long retentionMs = Long.parseLong(brokers.setting(events, RETENTION));
        if (retentionMs >= 0) {
            var ends = brokers.ends(partitions);
            brokers.since(partitions, safe(Duration.ofMillis(retentionMs)))
                    .forEach((partition, offset) ->
                            begins.merge(
                                    partition.partition(),
                                    orEnd(partition, offset, ends),
                                    Math::max));
        }
        return Map.copyOf(begins);
    }

    private Instant safe(Duration retention) {
        var share = retention.dividedBy(RETENTION_PER_LEAD);
        var lead = share.compareTo(LEAD_MAX) < 0 ? share : LEAD_MAX;
        var since = clock.instant().minus(retention).plus(lead);
        return since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    }

    private static long orEnd(
            TopicPartition partition, long offset, Map<TopicPartition, Long> ends) {
        return offset < 0 ? ends.getOrDefault(partition, 0L) : offset;
    }
}
