package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditReport;
import io.tidemark.auditor.AuditReport.Outcomes;
import io.tidemark.auditor.Count;
import io.tidemark.auditor.Violation;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was found so far: numbers, and the first so many violations. Confined to the audit's thread.
 */
public final class Findings {
    private static final Set<String> FAILURES =
            Arrays.stream(ErrorCode.values())
                    .map(ErrorCode::wire)
                    .collect(Collectors.toUnmodifiableSet());

    private final int violationsMax;
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final Map<ViolationCode, Long> byCode = new EnumMap<>(ViolationCode.class);
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final TreeMap<String, Long> failed = new TreeMap<>();
    private long unreadable;

    /** Nothing found yet; so many violations are kept. */
    public Findings(int violationsMax) {
        this.violationsMax = violationsMax;
        for (var what : Count.values()) {
            counts.put(what, 0L);
        }
    }

    /** One more of them. */
    public void count(Count what) {
        counts.merge(what, 1L, Long::sum);
    }

    void violation(
            ViolationCode code,
            Spot spot,
            @Nullable StreamId id,
            @Nullable Long sequence,
            String expected,
            String found) {
        byCode.merge(code, 1L, Long::sum);
        if (violations.size() < violationsMax) {
            violations.add(
                    new Violation(
                            code,
                            spot.topic(),
                            spot.partition(),
                            spot.offset(),
                            id,
                            sequence,
                            expected,
                            found));
        }
    }

    /** A stream has ended so; what was not read as an end is none that can be told. */
    void ended(@Nullable EventBody terminal) {
        switch (terminal) {
            case Completed completed -> outcomes.merge(completed.outcome(), 1L, Long::sum);
            case Failed failure -> failed.merge(known(failure.code()), 1L, Long::sum);
            case null, default -> unreadable++;
        }
    }

    /* What a writer puts there may be anything, and any number of things. */
    private static String known(String failure) {
        return FAILURES.contains(failure) ? failure : Outcomes.OTHER;
    }

    /** The report of what was found. */
    public AuditReport report() {
        return new AuditReport(
                counts,
                new Outcomes(
                        outcomes.getOrDefault(Outcome.COMPLETE, 0L),
                        outcomes.getOrDefault(Outcome.INCOMPLETE, 0L),
                        outcomes.getOrDefault(Outcome.CANCELLED, 0L),
                        failed,
                        unreadable),
                byCode,
                violations);
    }
}
