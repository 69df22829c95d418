package io.tidemark.schemas;

import io.tidemark.schemas.ReaderGuard.Verdict;

import java.util.ArrayList;
import java.util.List;

/** The guard's rules said naively: every verdict is worked out from the whole history. */
final class ReferenceGuard {
    private final List<Attempt> fences = new ArrayList<>();
    private final List<Step.Entry> accepted = new ArrayList<>();

    /** One record of a stream. */
    sealed interface Step {
        record Fence(Attempt attempt) implements Step {}

        record Entry(Attempt attempt, long sequence, boolean terminal) implements Step {}
    }

    void fence(Attempt attempt) {
        fences.add(attempt);
    }

    Verdict admit(Step.Entry entry) {
        for (var fence : fences) {
            if (outranks(fence, entry.attempt())) {
                return Verdict.FENCED;
            }
        }
        for (var earlier : accepted) {
            if (outranks(earlier.attempt(), entry.attempt())) {
                return Verdict.FENCED;
            }
        }
        if (!accepted.isEmpty() && accepted.getLast().terminal()) {
            return Verdict.AFTER_TERMINAL;
        }
        for (var earlier : accepted) {
            if (earlier.sequence() == entry.sequence()) {
                return Verdict.DUPLICATE;
            }
        }
        if (entry.sequence() != accepted.size()) {
            return Verdict.GAP;
        }
        accepted.add(entry);
        return Verdict.ACCEPTED;
    }

    private static boolean outranks(Attempt one, Attempt other) {
        return one.epoch() > other.epoch()
                || (one.epoch() == other.epoch() && one.number() > other.number());
    }

    List<Step.Entry> accepted() {
        return List.copyOf(accepted);
    }
}
