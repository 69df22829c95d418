package io.tidemark.auditor.internal;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The results of one kind on one partition: keeps what the latest of each stream is, as a hash, and
 * compares it with what it has to be. Confined to the audit's thread.
 */
final class ResultAudit {
    private final ResultKind kind;
    private final Rules rules;
    private final Findings findings;
    private final EventLog log;
    private final long valueBytesMax;
    private final Map<StreamId, Found> latest = new HashMap<>();

    /**
     * A result.
     *
     * @param value its bytes
     * @param bare its bytes without its cost; the same if it has none
     */
    private record Found(long offset, Fingerprint value, Fingerprint bare, ResultPlace place) {
        long costBytes() {
            return value.bytes() - bare.bytes();
        }
    }

    /**
     * The events that results are made of, as far as they were read.
     *
     * @param streams those that were found
     * @param horizon where they begin
     * @param end offset behind the last one
     */
    record EventLog(Map<StreamId, StreamAudit> streams, Horizon horizon, long end) {}

    ResultAudit(ResultKind kind, Rules rules, Findings findings, EventLog log) {
        this.kind = kind;
        this.rules = rules;
        this.findings = findings;
        this.log = log;
        this.valueBytesMax = kind.topic(rules.topics()).valueBytesMax();
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        if (!rules.includes(record)) {
            return;
        }
        var spot = Spot.of(record);
        var id = Rules.idOf(record);
        if (id == null) {
            findings.violation(
                    ViolationCode.FOREIGN_RECORD, spot, null, null, "a requestId as key", "none");
        } else if (id.partition() != record.partition()) {
            findings.violation(
                    ViolationCode.WRONG_PARTITION,
                    spot,
                    id,
                    null,
                    "partition " + id.partition(),
                    "partition " + record.partition());
        } else {
            add(id, log.streams().get(id), record);
        }
    }

    private void add(
            StreamId id, @Nullable StreamAudit stream, ConsumerRecord<byte[], byte[]> record) {
        if (stream == null) {
            withoutStream(id, record);
        } else if (record.value() == null) {
            latest.remove(id);
        } else {
            /* Not the record's own id: one for each result would be memory that nobody needs. */
            keep(stream.id(), record);
        }
    }

    private void keep(StreamId id, ConsumerRecord<byte[], byte[]> record) {
        var found = found(record);
        var before = latest.put(id, found);
        if (before != null && kind == ResultKind.USAGE) {
            findings.violation(
                    ViolationCode.USAGE_REPEATED,
                    spot(id, found),
                    id,
                    null,
                    "one ledger row",
                    "another at offset " + before.offset());
        }
    }

    private Found found(ConsumerRecord<byte[], byte[]> record) {
        var value = Fingerprint.of(record.value());
        byte[] cut = kind == ResultKind.USAGE ? CostCut.without(record.value()) : record.value();
        boolean bare = cut.length == record.value().length;
        return new Found(
                record.offset(), value, bare ? value : Fingerprint.of(cut), ResultPlace.of(record));
    }

    private void withoutStream(StreamId id, ConsumerRecord<byte[], byte[]> record) {
        var place = ResultPlace.of(record);
        boolean later = place.firstOffset() >= log.end();
        boolean removed =
                place.lastOffset() != ResultPlace.NO_OFFSET
                        && place.lastOffset() < log.horizon().beginning();
        if (removed || log.horizon().mayHaveRemoved(id.time())) {
            findings.count(Count.EXPIRED);
        } else if (!later) {
            findings.violation(
                    ViolationCode.RESULT_WITHOUT_STREAM,
                    Spot.of(record),
                    id,
                    null,
                    "a stream in " + rules.topics().events().name(),
                    "none; the result says " + place);
        }
    }

    boolean has(StreamId id) {
        return latest.containsKey(id);
    }

    /** A stream has no end: no result can say that it had one among what was read. */
    void checkOpen(StreamId id) {
        var found = latest.get(id);
        if (found != null && found.place().lastOffset() < log.end()) {
            findings.violation(
                    ViolationCode.RESULT_WITHOUT_END,
                    spot(id, found),
                    id,
                    null,
                    "none, or one whose lastOffset is " + log.end() + " or more",
                    found.place().toString());
        }
    }

    private Spot spot(StreamId id, Found found) {
        return new Spot(kind.topic(rules.topics()).name(), id.partition(), found.offset());
    }

    /**
     * Compares what was left of a stream.
     *
     * @param read whether the projector has read the stream to its end
     * @param horizon where the topic's records begin
     */
    void check(StreamId id, EndedStream end, Expected expected, boolean read, Horizon horizon) {
        var found = latest.get(id);
        if (found != null) {
            compare(id, end, expected, found);
        } else if (read && horizon.mayHaveRemoved(Instant.ofEpochMilli(end.appendedAt()))) {
            findings.count(Count.EXPIRED);
        } else if (read) {
            findings.violation(
                    kind.missing(),
                    end.terminal(),
                    id,
                    end.sequence(),
                    "a record in " + kind.topic(rules.topics()).name(),
                    "none");
        }
    }

    private void compare(StreamId id, EndedStream end, Expected all, Found found) {
        var expected = all.of(kind);
        if (expected.bytes() + found.costBytes() > valueBytesMax) {
            findings.count(Count.SHORTENED);
        } else if (!expected.equals(found.bare())) {
            mismatch(kind.mismatch(), id, end, found, expected, found.bare());
        } else if (kind == ResultKind.USAGE
                && rules.knowsPrices()
                && !all.charged().equals(found.value())) {
            mismatch(ViolationCode.COST_MISMATCH, id, end, found, all.charged(), found.value());
        }
        requirePlace(id, end, found);
    }

    private void mismatch(
            ViolationCode code,
            StreamId id,
            EndedStream end,
            Found found,
            Fingerprint expected,
            Fingerprint is) {
        findings.violation(code, spot(id, found), id, end.sequence(), expected.shown(), is.shown());
    }

    private void requirePlace(StreamId id, EndedStream end, Found found) {
        var stamped = found.place().timestamp();
        var place =
                new ResultPlace(
                        end.firstOffset(),
                        end.terminal().offset(),
                        stamped == ResultPlace.NO_TIME ? stamped : end.appendedAt());
        if (!place.equals(found.place())) {
            findings.violation(
                    ViolationCode.RESULT_MISPLACED,
                    spot(id, found),
                    id,
                    end.sequence(),
                    place.toString(),
                    found.place().toString());
        }
    }
}
