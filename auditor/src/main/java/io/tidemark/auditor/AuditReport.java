package io.tidemark.auditor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit found. Holds no content of any stream.
 *
 * @param counts what was counted; every {@link Count} is there
 * @param outcomes how the streams ended that did
 * @param violationsByCode how often each code was found; those that were not are absent
 * @param violations the first of them, in the order they were found
 */
public record AuditReport(
        Map<Count, Long> counts,
        Outcomes outcomes,
        Map<ViolationCode, Long> violationsByCode,
        List<Violation> violations) {
    public AuditReport {
        counts = Map.copyOf(counts);
        violationsByCode = Map.copyOf(violationsByCode);
        violations = List.copyOf(violations);
    }

    /**
     * How streams ended.
     *
     * @param failed by {@link io.tidemark.schemas.ErrorCode}; codes this version does not know are
     *     {@value #OTHER}
     * @param unreadable with a terminal event that cannot be read
     */
    public record Outcomes(
            long completed,
            long incomplete,
            long cancelled,
            SortedMap<String, Long> failed,
            long unreadable) {
        /** Failures of a code that this version does not know. */
        public static final String OTHER = "other";

        public Outcomes {
            failed = new TreeMap<>(failed);
        }
    }

    /** How often something was counted. */
    public long count(Count what) {
        return counts.getOrDefault(what, 0L);
    }

    /** How many violations there are, those not kept included. */
    public long violationsTotal() {
        return violationsByCode.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether everything that should be checked was. */
    public boolean complete() {
        return unchecked().isEmpty();
    }

    /** What there is that should have been checked and was not; empty if there is nothing. */
    public List<Count> unchecked() {
        return Arrays.stream(Count.values())
                .filter(what -> what.unchecked() && count(what) > 0)
                .toList();
    }
}
