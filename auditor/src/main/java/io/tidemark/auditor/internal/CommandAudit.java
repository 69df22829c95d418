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
import java.util.Arrays;
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
        switch (command) {
            case Claim claim when claim.partition() == record.partition() -> {
                epoch = record.offset();
                epochs.claimed(epoch);
            }
            case Claim claim -> misrouted(record, claim.partition());
            case Lease lease when lease.partition() != record.partition() ->
                    misrouted(record, lease.partition());
            case ForStream about when rules.scope().includes(about.requestId()) ->
                    add(about, record);
            case null, default -> {} // nothing to compare
        }
    }

    /* Workers refuse it as well: a claim of another partition makes nobody the owner of this one. */
    private void misrouted(ConsumerRecord<byte[], byte[]> record, int named) {
        if (rules.includes(record)) {
            wrongPartition(record, null, named);
        }
    }

    private void wrongPartition(
            ConsumerRecord<byte[], byte[]> record, @Nullable StreamId id, int named) {
        findings.violation(
                ViolationCode.WRONG_PARTITION,
                Spot.of(record),
                id,
                null,
                "partition " + named,
                "partition " + record.partition());
    }

    private void add(ForStream about, ConsumerRecord<byte[], byte[]> record) {
        var id = about.requestId();
        var spot = Spot.of(record);
        if (!Arrays.equals(record.key(), id.key())) {
            findings.violation(
                    ViolationCode.KEY_MISMATCH, spot, id, null, "key " + id, "another key");
        } else if (id.partition() != record.partition()) {
            wrongPartition(record, id, id.partition());
        } else if (about instanceof Start start) {
            requireStream(start, record);
        } else if (about instanceof Done done && done.epoch() < epoch) {
            findings.count(Count.OUTRANKED);
        } else if (about instanceof Done done) {
            requireEnd(done, spot);
        }
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
            stream.startedBy(record.offset());
            return;
        }
        if (isAhead(start, record)) {
            findings.count(Count.AHEAD);
        } else if (rules.closed() && horizon.mayHaveRemoved(id.time())) {
            findings.count(Count.EXPIRED);
        } else if (rules.closed() && neverStarted.add(id)) {
            findings.violation(
                    ViolationCode.NEVER_STARTED,
                    Spot.of(record),
                    id,
                    null,
                    "a stream in " + rules.topics().events().name(),
                    "none");
        }
    }

    /* As workers tell it: only the broker's own clock is a measure. */
    private static boolean isAhead(Start start, ConsumerRecord<byte[], byte[]> record) {
        long latest = record.timestamp() + START_AHEAD_MAX.toMillis();
        return record.timestampType() == TimestampType.LOG_APPEND_TIME
                && (start.requestId().time().toEpochMilli() > latest || start.at() > latest);
    }

    private void requireEnd(Done done, Spot spot) {
        var id = done.requestId();
        var stream = streams.get(id);
        boolean removed = horizon.mayHaveRemoved(id.time());
        if (stream == null ? removed : stream.nothingLeft(removed)) {
            findings.count(Count.EXPIRED);
        } else if (stream == null || stream.end() == null) {
            saidDone.add(id);
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
