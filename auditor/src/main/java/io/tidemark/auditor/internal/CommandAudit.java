package io.tidemark.auditor.internal;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Claim;
import io.tidemark.schemas.Command.Done;
import io.tidemark.schemas.Command.ForStream;
import io.tidemark.schemas.Command.Start;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

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
    private final Rules rules;
    private final Findings findings;
    private final Map<StreamId, StreamAudit> streams;
    private final Horizon horizon;
    private final Epochs epochs;
    private final Set<StreamId> saidDone = new HashSet<>();
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
        if (command instanceof Claim) {
            epoch = record.offset();
            epochs.claimed(epoch);
        }
        if (!(command instanceof ForStream about) || !rules.scope().includes(about.requestId())) {
            return;
        }
        var id = about.requestId();
        var spot = Spot.of(record);
        if (!Arrays.equals(record.key(), id.key())) {
            findings.violation(
                    ViolationCode.KEY_MISMATCH, spot, id, null, "key " + id, "another key");
        } else if (id.partition() != record.partition()) {
            findings.violation(
                    ViolationCode.WRONG_PARTITION,
                    spot,
                    id,
                    null,
                    "partition " + id.partition(),
                    "partition " + record.partition());
        } else if (about instanceof Start) {
            requireStream(id, spot);
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

    private void requireStream(StreamId id, Spot spot) {
        if (streams.containsKey(id) || !rules.closed()) {
            return;
        }
        if (horizon.mayHaveRemoved(id.time())) {
            findings.count(Count.EXPIRED);
            return;
        }
        findings.violation(
                ViolationCode.NEVER_STARTED,
                spot,
                id,
                null,
                "a stream in " + rules.topics().events().name(),
                "none");
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

    /** Whether somebody said that a stream is done which is not. */
    boolean saidDone(StreamId id) {
        return saidDone.contains(id);
    }
}
