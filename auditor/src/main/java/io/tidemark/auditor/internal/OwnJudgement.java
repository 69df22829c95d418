package io.tidemark.auditor.internal;

import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.ReaderGuard.Verdict;

/**
 * What section 6.2 of {@code docs/protocol.md} says of a record, worked out without the guard that
 * readers use: a fault of the guard would otherwise hide what it lets through. Confined to one
 * thread.
 */
final class OwnJudgement {
    private int highest;
    private int fenced;
    private long accepted;
    private boolean over;

    void fence(int attempt) {
        fenced = Math.max(fenced, attempt);
        highest = Math.max(highest, attempt);
    }

    Verdict of(EventHeaders headers) {
        if (headers.attempt() < highest) {
            return Verdict.FENCED;
        }
        if (over) {
            return Verdict.AFTER_TERMINAL;
        }
        if (headers.sequence() < accepted) {
            return Verdict.DUPLICATE;
        }
        return headers.sequence() > accepted ? Verdict.GAP : Verdict.ACCEPTED;
    }

    /** What is before that sequence is missing for good. */
    void skipTo(long sequence) {
        accepted = sequence;
    }

    /** The record counts. */
    void accept(EventHeaders headers) {
        highest = headers.attempt();
        accepted = headers.sequence() + 1;
        over = EventType.endsStream(headers.type());
    }

    /** Highest attempt of a fence or an event that counts; 0 before the first. */
    int highest() {
        return highest;
    }

    /** The only attempt that may write: the last fence's, or the first. */
    int turn() {
        return Math.max(1, fenced);
    }

    boolean fencePassed() {
        return fenced > 0;
    }

    /** The sequence that comes next. */
    long next() {
        return accepted;
    }
}
