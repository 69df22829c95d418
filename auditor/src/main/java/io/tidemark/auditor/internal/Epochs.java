package io.tidemark.auditor.internal;

import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The epochs under which the events of one partition were written, and the claims of its commands:
 * each epoch is the offset of a claim. Those that are outside of what was read of the commands
 * cannot be told, unless nothing is in flight: then no claim is behind the last one read. Confined
 * to the audit's thread.
 */
final class Epochs {
    /** Most epochs that are checked, one for each change of owner; of more, the first ones. */
    static final int MAX = 100_000;

    private record Use(StreamId id, Spot spot, Attempt attempt) {}

    private final Map<Long, Use> used = new HashMap<>();
    private final Set<Long> claims = new HashSet<>();
    private long firstRead = -1;
    private long lastRead = -1;

    /** An event or a fence was written under that attempt. */
    void used(StreamId id, Attempt attempt, Spot spot) {
        if (used.size() < MAX && !used.containsKey(attempt.epoch())) {
            used.put(attempt.epoch(), new Use(id, spot, attempt));
        }
    }

    /** A command was read. */
    void read(long offset) {
        firstRead = firstRead < 0 ? offset : firstRead;
        lastRead = offset;
    }

    /** It was a claim. */
    void claimed(long offset) {
        if (claims.size() < MAX) {
            claims.add(offset);
        }
    }

    /**
     * Everything was read.
     *
     * @param closed whether no claim can be behind the last command read
     */
    void finish(Findings findings, boolean closed) {
        used.forEach((epoch, use) -> {
            boolean told = firstRead >= 0 && epoch >= firstRead && (closed || epoch <= lastRead);
            if (told && claims.size() < MAX && !claims.contains(epoch)) {
                findings.violation(
                        ViolationCode.EPOCH_UNCLAIMED,
                        use.spot(),
                        use.id(),
                        null,
                        "a claim at offset " + epoch + " of the commands",
                        "attempt " + use.attempt() + " without one");
            }
        });
    }
}
