package io.tidemark.edge.internal.live;

/**
 * What follows from the first look into the log for a reader that has not begun: the gap contract,
 * as a pure function.
 */
sealed interface Located {
    /** The stream is there and the reader's next event is in the batch, or will be the next one. */
    record Found(Cursor cursor) implements Located {}

    /** Not decided yet: to be read on from here. */
    record ReadOn(Cursor from) implements Located {}

    /** There is nothing to read. */
    record Refused(Refusal refusal) implements Located {}

    /**
     * Decides.
     *
     * @param batch what was read, from the stream's beginning or from where the last batch ended
     * @param known whether the stream was asked for, for all that is known
     * @param next sequence that the reader wants next
     * @param nowMs the time, which tells whether a hole is final
     */
    static Located judge(Batch batch, boolean known, long next, long nowMs) {
        var cursor = batch.cursor();
        if (!cursor.met()) {
            return batch.atEnd() ? empty(cursor, known, next) : new ReadOn(cursor);
        }
        if (batch.earliest() > next) {
            return new Refused(new Refusal.Gone(batch.earliest()));
        }
        if (!batch.frames().isEmpty()) {
            return new Found(cursor);
        }
        if (batch.ended() && cursor.next() == next) {
            return new Refused(new Refusal.AtEnd(cursor.next() - 1));
        }
        /* Before the end of the log it is not known whether a hole comes, or was mended. */
        if (!batch.exhausted()) {
            return new ReadOn(cursor);
        }
        var hole = cursor.hole();
        if (cursor.next() == next && (hole == null || !hole.finalAt(nowMs))) {
            return new Found(cursor);
        }
        return hole == null
                ? new Refused(new Refusal.BeyondEnd(cursor.next() - 1))
                : atHole(hole, next, nowMs);
    }

    private static Located atHole(Hole hole, long next, long nowMs) {
        if (!hole.finalAt(nowMs)) {
            return new Refused(new Refusal.Undecided());
        }
        return hole.next() > next
                ? new Refused(new Refusal.Missing(hole.next()))
                : new ReadOn(hole.behind());
    }

    private static Located empty(Cursor cursor, boolean known, long next) {
        if (!known) {
            return new Refused(new Refusal.Unknown());
        }
        return next > 0 ? new Refused(new Refusal.BeyondEnd(-1)) : new Found(cursor.atStart());
    }
}
