package io.tidemark.schemas;

/**
 * Decides, for the records of one stream in log order, which of them are the stream.
 *
 * <p>A request may have had several writers, one after the other. Each takeover begins with a fence
 * that names a higher attempt; from there on, records of a lower attempt are a zombie's and are
 * dropped by every reader. What remains must be gapless and must end with the terminal event.
 *
 * <pre>
 *            fence n or entry n, n &gt; attempt: attempt = n
 *                      +-----+
 *                      |     v
 *   start(no attempt, next 0) --- entry(sequence = next) ----&gt; ACCEPTED, next + 1
 *      |        attempt lower                 -&gt; FENCED
 *      |        sequence &lt; next               -&gt; DUPLICATE
 *      |        sequence &gt; next               -&gt; GAP
 *      +------- after the terminal            -&gt; AFTER_TERMINAL
 * </pre>
 *
 * <p>Every reader uses it: edge, projector, verifier and the worker that takes over. Confined to
 * one thread. A refused record leaves the guard as it was.
 */
public final class ReaderGuard {
    /** What a record is to the reader. */
    public enum Verdict {
        /** The next event of the stream. */
        ACCEPTED,
        /** Written under an attempt that a fence has ended. */
        FENCED,
        /** A sequence that was accepted before. */
        DUPLICATE,
        /** A sequence beyond the next one: something between is missing. */
        GAP,
        /** Written after the end of the stream. */
        AFTER_TERMINAL
    }

    private Attempt attempt;
    private long next;
    private boolean ended;

    private ReaderGuard(Attempt attempt, long next, boolean ended) {
        this.attempt = attempt;
        this.next = next;
        this.ended = ended;
    }

    /** A guard for a reader that begins with the stream's first record. */
    public static ReaderGuard fromStart() {
        return new ReaderGuard(Attempt.NONE, 0, false);
    }

    /**
     * A guard for a reader that begins in the middle, at a place it remembers.
     *
     * @param attempt highest attempt known at that place
     * @param next sequence expected there
     */
    public static ReaderGuard resuming(Attempt attempt, long next) {
        return resuming(attempt, next, false);
    }

    /**
     * A guard for a reader that begins at a place it remembers, which may be after the end.
     *
     * @param attempt highest attempt known at that place
     * @param next sequence expected there
     * @param ended whether the terminal event was accepted before that place
     */
    public static ReaderGuard resuming(Attempt attempt, long next, boolean ended) {
        return new ReaderGuard(attempt, next, ended);
    }

    /** Passes a fence. */
    public void fence(Attempt newAttempt) {
        attempt = attempt.max(newAttempt);
    }

    /**
     * Judges an event.
     *
     * @param terminal whether the event is the last of its stream
     */
    public Verdict admit(Attempt recordAttempt, long sequence, boolean terminal) {
        if (recordAttempt.isBelow(attempt)) {
            return Verdict.FENCED;
        }
        if (ended) {
            return Verdict.AFTER_TERMINAL;
        }
        if (sequence != next) {
            return sequence < next ? Verdict.DUPLICATE : Verdict.GAP;
        }
        attempt = recordAttempt;
        next++;
        ended = terminal;
        return Verdict.ACCEPTED;
    }

    /** The same judgement from headers alone; the type tells whether it is terminal. */
    public Verdict admit(EventHeaders headers) {
        return admit(headers.attempt(), headers.sequence(), EventType.endsStream(headers.type()));
    }

    /** Highest attempt seen so far; {@link Attempt#NONE} before the first record. */
    public Attempt attempt() {
        return attempt;
    }

    /** The sequence that the next accepted event will have. */
    public long next() {
        return next;
    }

    /** Whether the terminal event was accepted. */
    public boolean ended() {
        return ended;
    }
}
