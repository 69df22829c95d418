package io.tidemark.projector.internal;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A log whose partitions all end where a test says. */
final class FakeLogEnds implements LogEnds {
    volatile long end;
    volatile boolean silent;
    volatile boolean forgotten;

    @Override
    public Map<Integer, Long> now(Set<Integer> partitions, Duration max) {
        return silent
                ? Map.of()
                : partitions.stream().collect(toMap(partition -> partition, _ -> end));
    }

    @Override
    public boolean inTouch() {
        return !forgotten;
    }
}
