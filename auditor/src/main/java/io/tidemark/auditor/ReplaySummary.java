package io.tidemark.auditor;

import java.util.Map;

/**
 * How many streams came out how.
 *
 * @param streams by verdict; those that there were none of are absent
 * @param untold how many that are wrong or unchecked were only counted, for there were too many
 */
public record ReplaySummary(Map<ReplayVerdict, Long> streams, long untold) {
    public ReplaySummary {
        streams = Map.copyOf(streams);
    }

    /** How many streams have that verdict. */
    public long count(ReplayVerdict verdict) {
        return streams.getOrDefault(verdict, 0L);
    }

    /** How many streams there were. */
    public long total() {
        return streams.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether something is not as it should be. */
    public boolean wrong() {
        return streams.keySet().stream().anyMatch(ReplayVerdict::wrong);
    }

    /** Whether something should have been compared and was not. */
    public boolean unchecked() {
        return streams.keySet().stream().anyMatch(ReplayVerdict::unchecked);
    }

    /** Whether there were streams of which there was nothing to compare. */
    public boolean nothingToCompare() {
        return streams.keySet().stream().anyMatch(ReplayVerdict::nothingToCompare);
    }
}
