package io.tidemark.auditor.internal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.ReaderGuard.Verdict;

/**
 * What section 6.2 of {@code docs/protocol.md} says of a record, worked out without the guard that
 * readers use: a fault of the guard would otherwise hide what it lets through. Confined to one
 * thread.
 */
final class OwnJudgement {
    private Attempt highest = Attempt.NONE;
    private Attempt fenced = Attempt.NONE;
    private long accepted;
    private boolean over;

    void fence(Attempt attempt) {
        fenced = higher(fenced, attempt);
        highest = higher(highest, attempt);
    }

    private static Attempt higher(Attempt one, Attempt other) {
        boolean same = one.epoch() == other.epoch();
        return (same ? one.number() >= other.number() : one.epoch() > other.epoch()) ? one : other;
    }

    Verdict of(EventHeaders headers) {
        if (!higher(headers.attempt(), highest).equals(headers.attempt())) {
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

    /** Highest attempt of a fence or an event that counts. */
    Attempt highest() {
        return highest;
    }

    /** The attempt of the last fence, the only one that may write; none before the first. */
    Attempt fenced() {
        return fenced;
    }

    boolean fencePassed() {
        return !fenced.equals(Attempt.NONE);
    }

    /** The sequence that comes next. */
    long next() {
        return accepted;
    }
}
