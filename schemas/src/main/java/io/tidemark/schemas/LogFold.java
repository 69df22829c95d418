package io.tidemark.schemas;

import io.tidemark.schemas.LifecycleBody.Warning;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A {@link ResponseFold} of the values of a stream's accepted records as the log holds them. What
 * is missing shows in the response as a warning {@value #EVENTS_MISSING} (section 8.4 of {@code
 * docs/protocol.md}): sequences that the log no longer has, and values that are no event of this
 * stream.
 *
 * <p>The projector and whoever folds a stream again use it, so that they cannot disagree on a log
 * that lost records. The result depends on what was added alone. Confined to one thread.
 */
public final class LogFold {
    /** Code of the warning in a response of which events are missing. */
    public static final String EVENTS_MISSING = "events_missing";

    private final StreamId id;
    private final ResponseFold fold = new ResponseFold();
    private long next;
    private long events;
    private long unreadable;

    /** A fold of a stream of which nothing was added yet. */
    public LogFold(StreamId id) {
        this.id = id;
    }

    /**
     * Adds the value of the next accepted record; never throws on what it holds.
     *
     * @param sequence what the record's header says, beyond those added before
     * @param attempt number of the attempt that wrote it
     */
    public void add(long sequence, int attempt, byte[] json) {
        var event = decode(sequence, json);
        if (event == null) {
            unreadable++;
            return;
        }
        if (sequence > next) {
            fold.add(attempt, missingBefore(event));
        }
        fold.add(attempt, event);
        next = sequence + 1;
        events++;
    }

    private @Nullable StreamEvent decode(long sequence, byte[] json) {
        try {
            var event = EventCodec.decode(json);
            boolean ours = event.requestId().equals(id) && event.sequence() == sequence;
            return ours ? event : null;
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    private StreamEvent missingBefore(StreamEvent event) {
        var warning = new Warning(EVENTS_MISSING, "events are missing from the log", null);
        return new StreamEvent(id, event.sequence() - 1, event.at(), Placement.NONE, warning);
    }

    /** The response so far; empty if no event can be read. */
    public Optional<Response> response() {
        return fold.response();
    }

    /** The ledger row; empty before the terminal event. */
    public Optional<UsageRow> usageRow() {
        return fold.usageRow();
    }

    /** How many events were folded. */
    public long events() {
        return events;
    }

    /** How many values were no event of this stream. */
    public long unreadable() {
        return unreadable;
    }
}
