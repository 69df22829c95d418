package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;

import org.jspecify.annotations.Nullable;

/**
 * Judges the records of one stream in log order, and remembers the hole it stands before, if it
 * does. A hole is there from the first record beyond the next sequence until the next event comes
 * after all, or until a fence ends the attempt of that record: whoever wrote the fence goes on
 * where something is missing. Confined to one thread, or guarded by its owner.
 */
final class Judge {
    private final ReaderGuard guard;
    private @Nullable Hole hole;

    /** A judge for what comes behind a place where the stream was met. */
    Judge(Cursor from) {
        guard = ReaderGuard.resuming(from.attempt(), from.next());
        hole = from.hole();
    }

    /** Passes a fence. */
    void fence(Attempt attempt) {
        guard.fence(attempt);
        if (hole != null && hole.attempt().isBelow(attempt)) {
            hole = null;
        }
    }

    /** Judges an event. */
    Verdict admit(EventHeaders headers, long offset, long appendedAtMs) {
        var verdict = guard.admit(headers);
        if (verdict == Verdict.ACCEPTED) {
            hole = null;
        } else if (verdict == Verdict.GAP && hole == null) {
            hole = new Hole(headers.sequence(), headers.attempt(), offset, appendedAtMs);
        }
        return verdict;
    }

    /** The sequence that the next event will have. */
    long next() {
        return guard.next();
    }

    /** Whether the terminal event was accepted. */
    boolean ended() {
        return guard.ended();
    }

    @Nullable Hole hole() {
        return hole;
    }

    /**
     * Where to read on.
     *
     * @param position offset behind the last record judged
     */
    Cursor cursor(long position) {
        return new Cursor(guard.next(), guard.attempt(), position, hole);
    }
}
