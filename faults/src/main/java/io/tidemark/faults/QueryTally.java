package io.tidemark.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what questions were answered with. Guarded by its monitor. */
final class QueryTally {
    private static final int WRONG_MAX = 20;

    private final SortedMap<String, Long> outcomes = new TreeMap<>();
    private final List<Duration> spells = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private long wrongTotal;

    /**
     * An answer came.
     *
     * @param what it was asked for, such as a stream
     */
    synchronized void count(String what, Verdict verdict) {
        switch (verdict) {
            case Verdict.Right(var kind) -> add(kind);
            case Verdict.Unavailable(var reason) -> add("503 " + reason);
            case Verdict.Wrong(var why) -> wrong(what, why);
        }
    }

    /** Something is wrong that no answer alone shows. */
    synchronized void wrong(String what, String why) {
        add("wrong");
        wrongTotal++;
        if (wrong.size() < WRONG_MAX) {
            wrong.add(what + ": " + why);
        }
    }

    /** Something was counted. */
    synchronized void add(String outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
    }

    /** How long there was nothing but 503 for whoever went on asking for the same. */
    synchronized void unavailableFor(Duration spell) {
        spells.add(spell);
    }

    /** How often each came. */
    synchronized SortedMap<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    /** All times during which there was nothing but 503. */
    synchronized Waits unavailable() {
        return new Waits(spells);
    }

    /** What was wrong, the first few of it. */
    synchronized List<String> wrong() {
        var all = new ArrayList<>(wrong);
        if (wrongTotal > wrong.size()) {
            all.add("and %d more wrong answers".formatted(wrongTotal - wrong.size()));
        }
        return all;
    }
}
