package io.tidemark.projector.internal;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which partitions' stores here are near the end of their changelogs. What is far from it is a past
 * that is over: a store that is restored from the beginning holds, for a while, what was deleted
 * since. Thread-safe.
 */
final class Copies {
    /** Most records that a store may lack, to be a copy. */
    static final long LAG_MAX = 1_000;

    private static final Set<String> STORES =
            Set.of(
                    ProjectorStores.PROGRESS,
                    ProjectorStores.PIECES,
                    ProjectorStores.RESPONSES,
                    ProjectorStores.STREAMS);

    private volatile Set<Integer> near = Set.of();

    /**
     * Takes note of how far stores are from the ends of their changelogs.
     *
     * @param lags in records, by name of the store and partition; those that are not there are not
     *     near
     */
    void take(Map<String, Map<Integer, Long>> lags) {
        var found = new TreeSet<Integer>();
        lags.values().forEach(partitions -> found.addAll(partitions.keySet()));
        found.removeIf(partition -> STORES.stream().anyMatch(name -> far(lags, name, partition)));
        near = Set.copyOf(found);
    }

    private static boolean far(Map<String, Map<Integer, Long>> lags, String name, int partition) {
        var lag = lags.getOrDefault(name, Map.of()).get(partition);
        return lag == null || lag > LAG_MAX;
    }

    /** Whether all stores of a partition here are near their ends. */
    boolean near(int partition) {
        return near.contains(partition);
    }
}
