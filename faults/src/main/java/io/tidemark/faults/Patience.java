package io.tidemark.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/**
 * Asks for the same again as long as the answer is 503, as a client would, and notes how long that
 * took. While faults are done that may be for ever; when everything is whole, for {@link #LONGEST}.
 * Confined to one thread, but for the moment from which everything is.
 */
final class Patience {
    /** How long projectors that nothing is done to may take to be able to answer. */
    static final Duration LONGEST = Duration.ofMinutes(4);

    private static final int PAUSE_MS_MIN = 50;
    private static final int PAUSE_MS_MAX = 250;

    private final QueryTally tally;
    private final Random random;
    private final Whole whole;

    /** Puts a question, and judges the answer. */
    @FunctionalInterface
    interface Question {
        Verdict ask() throws IOException, InterruptedException;
    }

    /** Knows since when nothing is done to anything any more. Thread-safe. */
    static final class Whole {
        private volatile boolean whole;
        private volatile long since;

        /** From now on. */
        void begin() {
            since = System.nanoTime();
            whole = true;
        }

        private boolean forLongerThan(Duration time) {
            return whole && System.nanoTime() - since > time.toNanos();
        }
    }

    Patience(QueryTally tally, Random random, Whole whole) {
        this.tally = tally;
        this.random = random;
        this.whole = whole;
    }

    /**
     * Asks until there is something else than 503.
     *
     * @param what it is asked for, for whoever reads what was wrong
     * @return what the last answer is; each was counted
     */
    Verdict ask(String what, Question question) throws InterruptedException {
        long from = System.nanoTime();
        var verdict = once(what, question);
        if (!(verdict instanceof Verdict.Unavailable)) {
            return verdict;
        }
        while (verdict instanceof Verdict.Unavailable(var reason)) {
            if (whole.forLongerThan(LONGEST)) {
                verdict = new Verdict.Wrong("is 503 " + reason + ", and nothing is away any more");
                tally.count(what, verdict);
            } else {
                Thread.sleep(random.nextInt(PAUSE_MS_MIN, PAUSE_MS_MAX));
                verdict = once(what, question);
            }
        }
        tally.unavailableFor(Duration.ofNanos(System.nanoTime() - from));
        return verdict;
    }

    private Verdict once(String what, Question question) throws InterruptedException {
        Verdict verdict;
        try {
            verdict = question.ask();
        } catch (IOException e) {
            verdict = new Verdict.Wrong("was not answered: " + e.getMessage());
        }
        tally.count(what, verdict);
        return verdict;
    }
}
