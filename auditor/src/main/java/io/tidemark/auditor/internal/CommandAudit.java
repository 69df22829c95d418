package io.tidemark.auditor.internal;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Claim;
import io.tidemark.schemas.Command.Done;
import io.tidemark.schemas.Command.ForStream;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.Start;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The commands of one partition, compared with the streams that were found on it: section 7. All
 * commands are older than the end of the events, so what they speak of has been read. Confined to
 * the audit's thread.
 */
final class CommandAudit {
    /** How far a start may be ahead of the time at which it was appended: section 7.7. */
    private static final Duration START_AHEAD_MAX = Duration.ofMinutes(1);

    private final Rules rules;
    private final Findings findings;
    private final Map<StreamId, StreamAudit> streams;
    private final Horizon horizon;
    private final Epochs epochs;
    private final Set<StreamId> saidDone = new HashSet<>();
    /* What was told of: a second start of the same id is a duplicate, which gets no stream. */
    private final Set<StreamId> neverStarted = new HashSet<>();
    /* Of the last claim: a done record of an earlier owner counts no more. */
    private long epoch;

    /**
     * @param horizon where the partition's events begin
     * @param epochs told of the claims
     */
    CommandAudit(
            Rules rules,
            Findings findings,
            Map<StreamId, StreamAudit> streams,
            Horizon horizon,
            Epochs epochs) {
        this.rules = rules;
        this.findings = findings;
        this.streams = streams;
        this.horizon = horizon;
        this.epochs = epochs;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        var command = read(record);
        epochs.read(record.offset());
        if (command != null && inPlace(command, record)) {
            add(command, record);
        }
    }

    private void add(Command command, ConsumerRecord<byte[], byte[]> record) {
        switch (command) {
            case Claim _ -> {
                epoch = record.offset();
                epochs.claimed(epoch);
            }
            case Start start when rules.scope().includes(start.requestId()) ->
                    requireStream(start, record);
            case Done done when rules.scope().includes(done.requestId()) -> {
                if (done.epoch() < epoch) {
                    findings.count(Count.OUTRANKED);
                } else {
                    requireEnd(done, Spot.of(record));
                }
            }
            case Lease _, ForStream _, Command.Unknown _ -> {
                // Nothing to compare.
            }
        }
    }

    /*
     * Workers refuse what is not, section 7.7: a claim of another partition, or under a key that is
     * not a claim's, makes nobody the owner of this one.
     */
    private boolean inPlace(Command command, ConsumerRecord<byte[], byte[]> record) {
        int named = partitionOf(command, record);
        if (!CommandCodec.isKey(record.key(), command)) {
            misplaced(ViolationCode.KEY_MISMATCH, command, record, "its own key", "another key");
        } else if (named != record.partition()) {
            misplaced(
                    ViolationCode.WRONG_PARTITION,
                    command,
                    record,
                    "partition " + named,
                    "partition " + record.partition());
        } else if (speaksOfClaimsToCome(command, record)) {
            misplaced(
                    ViolationCode.MALFORMED,
                    command,
                    record,
                    "epochs before offset " + record.offset(),
                    "a later one");
        } else {
            return true;
        }
        return false;
    }

    private static int partitionOf(Command command, ConsumerRecord<byte[], byte[]> record) {
        return switch (command) {
            case Claim claim -> claim.partition();
            case Lease lease -> lease.partition();
            case ForStream about -> about.requestId().partition();
            case Command.Unknown _ -> record.partition();
        };
    }

    private void misplaced(
            ViolationCode code,
            Command command,
            ConsumerRecord<byte[], byte[]> record,
            String expected,
            String found) {
        var id = command instanceof ForStream about ? about.requestId() : null;
        if (id == null ? rules.includes(record) : rules.scope().includes(id)) {
            findings.violation(code, Spot.of(record), id, null, expected, found);
        }
    }

    private static boolean speaksOfClaimsToCome(
            Command command, ConsumerRecord<byte[], byte[]> record) {
        return switch (command) {
            case Done done -> done.epoch() >= record.offset();
            case Lease lease ->
                    lease.open().stream().anyMatch(open -> open.epoch() >= record.offset());
            case Claim _, ForStream _, Command.Unknown _ -> false;
        };
    }

    private @Nullable Command read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() != null) {
                return CommandCodec.decode(record.value());
            }
            malformed(record, "no value");
        } catch (MalformedRecordException e) {
            malformed(record, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void malformed(ConsumerRecord<byte[], byte[]> record, String found) {
        if (rules.includes(record)) {
            findings.violation(
                    ViolationCode.MALFORMED,
                    Spot.of(record),
                    Rules.idOf(record),
                    null,
                    "a command",
                    found);
        }
    }

    private void requireStream(Start start, ConsumerRecord<byte[], byte[]> record) {
        var id = start.requestId();
        var stream = streams.get(id);
        if (stream != null) {
            found(stream, start, record);
            return;
        }
        if (isAhead(start, record)) {
            findings.count(Count.AHEAD);
        } else if (rules.closed() && horizon.mayHaveRemoved(id.time())) {
            findings.count(Count.EXPIRED);
        } else if (rules.closed() && neverStarted.add(id)) {
            requireRoom(id);
            findings.violation(
                    ViolationCode.NEVER_STARTED,
                    Spot.of(record),
                    id,
                    null,
                    "a stream in " + rules.topics().events().name(),
                    "none");
        }
    }

    /* The first one that is not set aside is what the stream was written for. */
    private void found(StreamAudit stream, Start start, ConsumerRecord<byte[], byte[]> record) {
        if (isAhead(start, record) || !stream.startedBy(record.offset())) {
            return;
        }
        boolean heeded = start.onDisconnect() != Command.OnDisconnect.CONTINUE;
        if (heeded ? stream.hasEventsWithoutPresence() : stream.hasEventsWithPresence()) {
            findings.violation(
                    ViolationCode.PRESENCE_MISMATCH,
                    stream.last(),
                    stream.id(),
                    null,
                    heeded ? "the header on every event" : "no such header",
                    heeded ? "events without it" : "events with it");
        }
    }

    /* As workers tell it: only the broker's own clock is a measure. */
    private static boolean isAhead(Start start, ConsumerRecord<byte[], byte[]> record) {
        long latest = record.timestamp() + START_AHEAD_MAX.toMillis();
        return record.timestampType() == TimestampType.LOG_APPEND_TIME
                && (start.requestId().time().toEpochMilli() > latest || start.at() > latest);
    }

    /* What is said of streams that are not there is kept as they would be. */
    private void requireRoom(StreamId id) {
        rules.requireRoom(
                streams.size() + saidDone.size() + neverStarted.size(),
                rules.topics().commands(),
                id.partition());
    }

    private void requireEnd(Done done, Spot spot) {
        var id = done.requestId();
        var stream = streams.get(id);
        boolean removed = horizon.mayHaveRemoved(id.time());
        if (stream == null ? removed : stream.nothingLeft(removed)) {
            findings.count(Count.EXPIRED);
        } else if (stream == null || stream.end() == null) {
            saidDone.add(id);
            requireRoom(id);
            findings.violation(
                    ViolationCode.DONE_WITHOUT_END,
                    spot,
                    id,
                    done.lastSequence(),
                    "a terminal event with sequence " + done.lastSequence(),
                    stream == null ? "no stream" : "events up to sequence " + (stream.next() - 1));
        } else {
            stream.done();
            compare(done, stream.end(), stream.highestAttempt(), spot);
        }
    }

    /* Who takes over an ended stream says so under the attempt of its own fence. */
    private void compare(Done done, EndedStream end, Attempt highestAttempt, Spot spot) {
        boolean agrees =
                done.lastSequence() == end.sequence()
                        && !done.authority().isBelow(end.attempt())
                        && !highestAttempt.isBelow(done.authority());
        if (!agrees) {
            findings.violation(
                    ViolationCode.DONE_MISMATCH,
                    spot,
                    done.requestId(),
                    done.lastSequence(),
                    "sequence %d, attempt %s to %s"
                            .formatted(end.sequence(), end.attempt(), highestAttempt),
                    "sequence %d, attempt %s".formatted(done.lastSequence(), done.authority()));
        }
    }

    /** All commands were read: an end that nobody has spoken of is taken over again and again. */
    void finish() {
        if (!rules.closed()) {
            return;
        }
        for (var stream : streams.values()) {
            stream.leftUndone()
                    .ifPresent(start ->
                            findings.violation(
                                    ViolationCode.DONE_MISSING,
                                    new Spot(
                                            rules.topics().commands().name(),
                                            stream.id().partition(),
                                            start),
                                    stream.id(),
                                    null,
                                    "a stream.done that counts",
                                    "none"));
        }
    }

    /** Whether somebody said that a stream is done which is not. */
    boolean saidDone(StreamId id) {
        return saidDone.contains(id);
    }
}
