package io.tidemark.projector;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How results that were made anew differ from those that counted before. Immutable.
 *
 * @param generation the new one
 * @param responses how the responses compare
 * @param usage how the ledger rows compare
 * @param rollups how the rollups of minutes that are over compare; one that is missing is no lack,
 *     for its rows may count elsewhere now
 * @param deleted topics of the generation before that were deleted; empty if it was kept, or
 *     somebody was still at work on it
 */
public record RebuildReport(
        int generation, Compared responses, Compared usage, Compared rollups, Set<String> deleted) {
    /** Checks and copies. */
    public RebuildReport {
        deleted = Set.copyOf(deleted);
    }

    /** The same, with what was deleted. */
    public RebuildReport deleting(Set<String> topics) {
        return new RebuildReport(generation, responses, usage, rollups, topics);
    }

    /**
     * The results of two generations, key by key.
     *
     * @param equal how many are the same, byte for byte
     * @param changed how many are not
     * @param added how many only the newer one has
     * @param missing how many only the older one has
     * @param changedKeys keys of some that changed, at most {@value #NAMED_MAX}
     * @param missingKeys of some that are missing, at most as many
     */
    public record Compared(
            long equal,
            long changed,
            long added,
            long missing,
            List<String> changedKeys,
            List<String> missingKeys) {
        /** Most keys that are named of a kind. */
        public static final int NAMED_MAX = 10;

        /** Nothing was compared. */
        public static final Compared NONE = new Compared(0, 0, 0, 0, List.of(), List.of());

        /** Copies. */
        public Compared {
            changedKeys = List.copyOf(changedKeys);
            missingKeys = List.copyOf(missingKeys);
        }

        /** Whether nothing changed, and nothing is new or missing. */
        public boolean same() {
            return changed == 0 && added == 0 && missing == 0;
        }

        /** The sum of two comparisons of different keys. */
        public Compared and(Compared other) {
            return new Compared(
                    equal + other.equal,
                    changed + other.changed,
                    added + other.added,
                    missing + other.missing,
                    some(changedKeys, other.changedKeys),
                    some(missingKeys, other.missingKeys));
        }

        private static List<String> some(List<String> first, List<String> second) {
            return Stream.concat(first.stream(), second.stream()).limit(NAMED_MAX).toList();
        }
    }
}
