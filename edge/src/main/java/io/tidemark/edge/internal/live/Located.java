package io.tidemark.edge.internal.live;

/**
 * What follows from the first look into the log for a reader that has not begun: the gap contract,
 * as a pure function.
 */
sealed interface Located {
    /** The stream is there and the reader's next event is in the batch, or will be the next one. */
    record Found(Cursor cursor) implements Located {}

    /** Not decided yet: the log goes on. */
    record ReadOn() implements Located {}

    /** There is nothing to read. */
    record Refused(Refusal refusal) implements Located {}

    /**
     * Decides.
     *
     * @param batch what was read, from the stream's beginning or from where the last batch ended
     * @param known whether the stream was asked for, for all that is known
     * @param next sequence that the reader wants next
     */
    static Located judge(Batch batch, boolean known, long next) {
        var cursor = batch.cursor();
        if (!cursor.met()) {
            return batch.atEnd() ? empty(cursor, known, next) : new ReadOn();
        }
        if (batch.earliest() > next) {
            return new Refused(new Refusal.Gone(batch.earliest()));
        }
        if (cursor.next() < next) {
            return batch.exhausted()
                    ? new Refused(new Refusal.BeyondEnd(cursor.next() - 1))
                    : new ReadOn();
        }
        return batch.ended() && batch.frames().isEmpty()
                ? new Refused(new Refusal.AtEnd(cursor.next() - 1))
                : new Found(cursor);
    }

    private static Located empty(Cursor cursor, boolean known, long next) {
        if (!known) {
            return new Refused(new Refusal.Unknown());
        }
        return next > 0 ? new Refused(new Refusal.BeyondEnd(-1)) : new Found(cursor.atStart());
    }
}
