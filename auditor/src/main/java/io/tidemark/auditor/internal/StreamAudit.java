package io.tidemark.auditor.internal;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/**
 * The events of one stream, judged in log order.
 *
 * <pre>
 *   waiting --first accepted event--&gt; going on --terminal--&gt; ended: numbers and hashes are left
 *      |                                 |
 *      +-- first one is not 0 -----------+-- gap, or a value that cannot be read --&gt; going on
 *                                                 without content, which nobody could compare
 * </pre>
 *
 * <p>Confined to the audit's thread.
 */
final class StreamAudit {
    /**
     * What the streams of an audit share.
     *
     * @param eventBytesMax largest event that the projector takes in, in bytes
     * @param prices what the streams are charged by
     */
    record Shared(
            Findings findings,
            Readers readers,
            OpenBytes memory,
            long eventBytesMax,
            PriceTable prices) {}

    private final StreamId id;
    private final Shared shared;
    private final Findings findings;
    private final OwnJudgement own = new OwnJudgement();
    private Readers.Reader reader;

    private @Nullable ContentAudit content;
    private @Nullable ResponseFold fold;
    private long bytesTaken;
    private @Nullable EndedStream end;
    private Spot last;
    private long firstOffset = -1;
    private boolean truncated;
    private Attempt turnSeen = Attempt.NONE;
    private long startedBy = -1;
    private boolean done;
    private boolean sealed;
    private boolean withPresence;
    private boolean withoutPresence;

    /**
     * A stream of which nothing was read yet.
     *
     * @param first where its first record is
     */
    StreamAudit(StreamId id, Spot first, Shared shared) {
        this.id = id;
        this.shared = shared;
        this.findings = shared.findings();
        this.last = first;
        this.reader = shared.readers().expecting(Attempt.NONE, 0);
        this.content = new ContentAudit(this::complain);
        this.fold = new ResponseFold();
    }

    /** A fence of the stream. */
    void fence(EventRecord.Fence fence, Spot spot) {
        last = spot;
        findings.count(Count.FENCES);
        own.fence(fence.attempt());
        reader.fence(fence.attempt());
    }

    /**
     * What follows is sealed, and there is no key for it: of such events only what stands for them
     * is known, of which no content can be compared, but the ledger row can.
     */
    void sealed() {
        sealed = true;
        content = null;
    }

    /**
     * An event of the stream.
     *
     * @param removed whether retention may have removed what was before it
     */
    void event(EventRecord.Entry entry, ConsumerRecord<byte[], byte[]> record, boolean removed) {
        last = Spot.of(record);
        var headers = entry.headers();
        if (startsBehindWhatWasRemoved(headers, removed)) {
            beginAt(headers);
        }
        switch (judged(headers)) {
            case ACCEPTED -> accept(entry, record);
            case FENCED -> findings.count(Count.FENCED);
            case DUPLICATE ->
                    violation(
                            ViolationCode.SEQUENCE_REPEATED,
                            headers,
                            "sequence " + own.next(),
                            "sequence " + headers.sequence());
            case AFTER_TERMINAL ->
                    violation(
                            ViolationCode.AFTER_TERMINAL,
                            headers,
                            "nothing after sequence " + (own.next() - 1),
                            shown(headers.type()) + " of attempt " + headers.attempt());
            case GAP -> bridge(entry, record);
        }
    }

    /*
     * Of a stream whose beginning was removed the fences may be gone as well: until one is seen, a
     * higher attempt is where readers would begin anew.
     */
    private boolean startsBehindWhatWasRemoved(EventHeaders headers, boolean removed) {
        if (truncated) {
            return !ended() && !own.fencePassed() && own.highest().isBelow(headers.attempt());
        }
        return removed && own.next() == 0 && headers.sequence() > 0;
    }

    private void beginAt(EventHeaders headers) {
        if (!truncated) {
            truncated = true;
            findings.count(Count.TRUNCATED);
            forgetContent();
        }
        turnSeen = headers.attempt();
        goOnAt(headers);
    }

    private Verdict judged(EventHeaders headers) {
        var ours = own.of(headers);
        var readersSay = reader.admit(headers);
        if (readersSay != ours) {
            violation(
                    ViolationCode.READER_DISAGREEMENT,
                    headers,
                    ours.name(),
                    readersSay.name() + " of attempt " + headers.attempt());
        }
        return ours;
    }

    private void bridge(EventRecord.Entry entry, ConsumerRecord<byte[], byte[]> record) {
        var headers = entry.headers();
        var code = own.next() == 0 ? ViolationCode.START_MISSING : ViolationCode.SEQUENCE_GAP;
        violation(code, headers, "sequence " + own.next(), "sequence " + headers.sequence());
        forgetContent();
        goOnAt(headers);
        judged(headers);
        accept(entry, record);
    }

    private void goOnAt(EventHeaders headers) {
        own.skipTo(headers.sequence());
        reader = shared.readers().expecting(own.highest(), headers.sequence());
    }

    private void accept(EventRecord.Entry entry, ConsumerRecord<byte[], byte[]> record) {
        var headers = entry.headers();
        requireTurn(headers);
        own.accept(headers);
        findings.count(Count.EVENTS);
        withPresence |= headers.presence();
        withoutPresence |= !headers.presence();
        firstOffset = firstOffset < 0 ? record.offset() : firstOffset;
        var event = read(entry);
        if (event != null) {
            requirePosition(headers, event.body());
            addContent(headers, event, record.value().length);
        }
        if (EventType.endsStream(headers.type())) {
            end(event, headers, record);
        }
    }

    private void requireTurn(EventHeaders headers) {
        var turn = own.fenced().max(turnSeen);
        boolean first = turn.equals(Attempt.NONE);
        if (first ? headers.attempt().number() != 1 : !headers.attempt().equals(turn)) {
            violation(
                    ViolationCode.ATTEMPT_OUT_OF_TURN,
                    headers,
                    first ? "attempt 1 of any epoch" : "attempt " + turn,
                    "attempt " + headers.attempt());
        }
        turnSeen = turn.max(headers.attempt());
    }

    private void requirePosition(EventHeaders headers, EventBody body) {
        boolean start = body instanceof Started;
        if (headers.sequence() == 0 && !start) {
            violation(
                    ViolationCode.START_MISSING,
                    headers,
                    EventType.STREAM_STARTED.wire(),
                    shown(headers.type()));
        } else if (headers.sequence() > 0 && start) {
            violation(
                    ViolationCode.START_REPEATED,
                    headers,
                    "one " + EventType.STREAM_STARTED.wire(),
                    "another at sequence " + headers.sequence());
        }
    }

    /* What the record says, or nothing if that is not what it stands for. */
    private @Nullable StreamEvent read(EventRecord.Entry entry) {
        var headers = entry.headers();
        try {
            var event = EventCodec.decode(entry.value());
            if (speaksOfItsRecord(event, headers)) {
                noteUnread(event.body(), headers);
                return event;
            }
        } catch (MalformedRecordException e) {
            violation(
                    ViolationCode.MALFORMED,
                    headers,
                    "an event of schemaVersion " + EventCodec.SCHEMA_VERSION,
                    String.valueOf(e.getMessage()));
        }
        forgetContent();
        return null;
    }

    private boolean speaksOfItsRecord(StreamEvent event, EventHeaders headers) {
        if (!event.requestId().equals(id)) {
            violation(
                    ViolationCode.KEY_MISMATCH,
                    headers,
                    "requestId " + id,
                    "requestId " + event.requestId());
            return false;
        }
        var attempt = event.body() instanceof Started started ? started.attempt() : null;
        boolean same =
                event.sequence() == headers.sequence()
                        && event.type().equals(headers.type())
                        && (attempt == null || attempt == headers.attempt().number());
        if (!same) {
            violation(
                    ViolationCode.HEADER_MISMATCH,
                    headers,
                    place(headers.type(), headers.sequence(), headers.attempt().number()),
                    place(event.type(), event.sequence(), attempt));
        }
        return same;
    }

    private void noteUnread(EventBody body, EventHeaders headers) {
        if (!(body instanceof EventBody.Unknown)) {
            return;
        }
        if (EventType.named(headers.type()).isEmpty()) {
            findings.count(Count.UNKNOWN_EVENTS);
        } else {
            violation(
                    ViolationCode.MALFORMED,
                    headers,
                    "what " + headers.type() + " has",
                    "fields that cannot be read as that");
        }
    }

    private void addContent(EventHeaders headers, StreamEvent event, int eventBytes) {
        if (fold == null) {
            return;
        }
        /* Only compression makes it possible; the projector keeps its sequence and no more. */
        if (eventBytes > shared.eventBytesMax()) {
            forgetContent();
            return;
        }
        long bytes = OpenBytes.of(eventBytes);
        if (!shared.memory().take(bytes)) {
            findings.count(Count.UNFOLDED);
            forgetContent();
            return;
        }
        bytesTaken += bytes;
        if (content != null) {
            content.add(event);
        }
        fold.add(headers.attempt().number(), event);
    }

    private void end(
            @Nullable StreamEvent event,
            EventHeaders headers,
            ConsumerRecord<byte[], byte[]> record) {
        findings.ended(event == null ? null : event.body());
        if (content != null) {
            content.end();
        }
        end =
                new EndedStream(
                        last,
                        headers.sequence(),
                        headers.attempt(),
                        firstOffset,
                        record.timestamp(),
                        sealed,
                        fold == null
                                ? null
                                : Expected.of(fold, shared.prices(), record.timestamp()));
        forgetContent();
    }

    /** Nothing more can be said of its content; what it holds is given back. */
    void forgetContent() {
        shared.memory().give(bytesTaken);
        bytesTaken = 0;
        content = null;
        fold = null;
    }

    private void complain(ViolationCode code, String expected, String found) {
        findings.violation(code, last, id, own.next() - 1, expected, found);
    }

    private void violation(
            ViolationCode code, EventHeaders headers, String expected, String found) {
        findings.violation(code, last, id, headers.sequence(), expected, found);
    }

    private static String place(String type, long sequence, @Nullable Integer attempt) {
        var place = shown(type) + ", sequence " + sequence;
        return attempt == null ? place : place + ", attempt " + attempt;
    }

    /* A name of ours; what else a writer may have put there is not repeated. */
    private static String shown(String type) {
        return EventType.named(type).isPresent()
                ? type
                : "an unknown type of " + type.length() + " characters";
    }

    /**
     * A {@code stream.start} of it was read, at that offset of the commands.
     *
     * @return whether it is the first one
     */
    boolean startedBy(long offset) {
        boolean first = startedBy < 0;
        startedBy = first ? offset : startedBy;
        return first;
    }

    /** Whether an event that counts has the header that says that readers are heeded. */
    boolean hasEventsWithPresence() {
        return withPresence;
    }

    /** Whether one has not. */
    boolean hasEventsWithoutPresence() {
        return withoutPresence;
    }

    /** A {@code stream.done} of it was read that counts. */
    void done() {
        done = true;
    }

    /** The offset of the start that nobody has said the end of; empty if there is none. */
    OptionalLong leftUndone() {
        return startedBy < 0 || done || !ended()
                ? OptionalLong.empty()
                : OptionalLong.of(startedBy);
    }

    StreamId id() {
        return id;
    }

    /** Where its last record is. */
    Spot last() {
        return last;
    }

    /** The end of the stream; absent while it is open. */
    @Nullable EndedStream end() {
        return end;
    }

    boolean ended() {
        return end != null;
    }

    /** Whether retention may have removed all of it that counts. */
    boolean nothingLeft(boolean removed) {
        return removed && own.next() == 0;
    }

    /** The sequence that its next event would have. */
    long next() {
        return own.next();
    }

    /** Highest attempt of a fence or an accepted event. */
    Attempt highestAttempt() {
        return own.highest();
    }
}
