package io.tidemark.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;

/** Times that were measured, from the shortest to the longest. Immutable. */
record Waits(List<Duration> sorted) {
    Waits {
        sorted = sorted.stream().sorted().toList();
    }

    /** The nearest rank; zero if there are none. */
    Duration percentile(int percent) {
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1));
    }

    Duration longest() {
        return percentile(100);
    }

    /** In one line. */
    String shown() {
        return sorted.isEmpty()
                ? "none"
                : "p50 %.1fs, p99 %.1fs, max %.1fs of %d"
                        .formatted(
                                seconds(percentile(50)),
                                seconds(percentile(99)),
                                seconds(longest()),
                                sorted.size());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    void writeTo(ObjectNode json) {
        json.put("count", sorted.size());
        json.put("p50Ms", percentile(50).toMillis());
        json.put("p99Ms", percentile(99).toMillis());
        json.put("maxMs", longest().toMillis());
    }
}
