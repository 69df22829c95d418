package io.tidemark.edge;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which partitions an {@link Edge} serves, and who serves the others. Immutable.
 *
 * @param served partitions whose streams are served here, and in which streams are started; empty
 *     for all
 * @param elsewhere address of an edge that serves a partition which is not served here; requests
 *     for its streams are sent there
 */
public record PartitionsConfig(Set<Integer> served, Map<Integer, URI> elsewhere)
        implements EdgeConfig.Part {
    /** Partitions that a topic of Tidemark can have at most; an id names one of them. */
    public static final int PARTITIONS_MAX = 10_000;

    public PartitionsConfig {
        served = Set.copyOf(served);
        elsewhere = Map.copyOf(elsewhere);
        served.forEach(PartitionsConfig::require);
        elsewhere.keySet().forEach(PartitionsConfig::require);
        if (served.isEmpty() && !elsewhere.isEmpty()) {
            throw new IllegalArgumentException(
                    "elsewhere must be empty where all partitions are served, has "
                            + sorted(elsewhere.keySet()));
        }
        var both = served.stream().filter(elsewhere::containsKey).sorted().toList();
        if (!both.isEmpty()) {
            throw new IllegalArgumentException(
                    "partitions must be served here or elsewhere, found both for " + both);
        }
    }

    /** All partitions. */
    public static PartitionsConfig all() {
        return new PartitionsConfig(Set.of(), Map.of());
    }

    private static void require(int partition) {
        Checks.requireBetween("partition", partition, 0, PARTITIONS_MAX - 1);
    }

    private static List<Integer> sorted(Set<Integer> partitions) {
        return partitions.stream().sorted().toList();
    }
}
