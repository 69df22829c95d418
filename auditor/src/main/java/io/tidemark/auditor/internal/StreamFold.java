package io.tidemark.auditor.internal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.StreamId;

/**
 * One stream folded as the projector does: what the guard accepts; behind a gap the stream goes on
 * (decision 022), before its start it does not begin, and of an event that no topic should have
 * taken only the sequence counts. Confined to one thread.
 */
final class StreamFold {
    private static final byte[] NO_EVENT = new byte[0];

    private final StreamId id;
    private final long eventBytesMax;
    private LogFold fold;
    private ReaderGuard guard = ReaderGuard.fromStart();

    /**
     * A stream of which nothing was added yet.
     *
     * @param eventBytesMax largest event that is taken in, in bytes
     */
    StreamFold(StreamId id, long eventBytesMax) {
        this.id = id;
        this.eventBytesMax = eventBytesMax;
        this.fold = new LogFold(id);
    }

    void fence(Attempt attempt) {
        guard.fence(attempt);
    }

    /** Whether a record is one of the stream; it counts as one from here on. */
    boolean admits(EventHeaders headers) {
        return switch (guard.admit(headers)) {
            case ACCEPTED -> true;
            case FENCED, DUPLICATE, AFTER_TERMINAL -> false;
            case GAP -> started() && goesOnAt(headers);
        };
    }

    private boolean goesOnAt(EventHeaders headers) {
        guard = ReaderGuard.resuming(guard.attempt(), headers.sequence());
        guard.admit(headers);
        return true;
    }

    /** Folds a record that was admitted. */
    void add(EventRecord.Entry entry) {
        byte[] value = entry.value().length > eventBytesMax ? NO_EVENT : entry.value();
        var headers = entry.headers();
        fold.add(headers.sequence(), headers.attempt().number(), value);
    }

    /** Whether an event was admitted. */
    boolean started() {
        return guard.next() > 0;
    }

    /** Whether the terminal event was. */
    boolean ended() {
        return guard.ended();
    }

    /** Lets go of what was folded; what is admitted stays as it is. */
    void forget() {
        fold = new LogFold(id);
    }

    LogFold fold() {
        return fold;
    }
}
