package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Attempt;

import org.jspecify.annotations.Nullable;

/**
 * How far a stream was read in the log: everything needed to read on with no gap and no duplicate.
 *
 * @param next sequence that comes next, -1 while no event of the stream was met
 * @param attempt highest attempt known here; records of a lower one are fenced off
 * @param position offset to read on from, -1 where it has to be found by the stream's time
 * @param hole what was met instead of the next event, if it was; before {@code position}
 */
public record Cursor(long next, Attempt attempt, long position, @Nullable Hole hole) {
    /** The beginning of a stream whose place in the log is not known yet. */
    static final Cursor UNLOCATED = new Cursor(-1, Attempt.NONE, -1);

    /** A place that is not before a hole, as far as is known. */
    Cursor(long next, Attempt attempt, long position) {
        this(next, attempt, position, null);
    }

    boolean located() {
        return position >= 0;
    }

    boolean met() {
        return next >= 0;
    }

    /** The same place, for a stream that is known to have no event before it. */
    Cursor atStart() {
        return new Cursor(0, attempt, position);
    }
}
