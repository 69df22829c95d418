package io.tidemark.projector.internal;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import java.util.Optional;
import java.util.Set;

/**
 * A rollup as it stands in the store of one partition, on its way to that partition of the topic:
 * while partitions are added, Kafka's own choice for its key may be another one, where another
 * rollup of the key begins, and would take its place. Immutable.
 */
final class KeptRollup {
    private final int partition;
    private final byte[] json;

    /**
     * A rollup.
     *
     * @param partition whose store it is in
     * @param json not copied, and not changed by anybody
     */
    KeptRollup(int partition, byte[] json) {
        this.partition = partition;
        this.json = json;
    }

    /** Writes the JSON alone; there is nobody who reads it back. */
    static Serde<KeptRollup> serde() {
        return Serdes.serdeFrom(
                (_, rollup) -> rollup.json,
                (_, _) -> {
                    throw new UnsupportedOperationException("rollups are not read back");
                });
    }

    /** Where it goes, for a sink. */
    static Optional<Set<Integer>> partitions(
            String topic, byte[] key, KeptRollup rollup, int count) {
        return Optional.of(Set.of(rollup.partition));
    }
}
