package io.tidemark.auditor.internal;

import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The erasures of one partition. Those that the projector had read when the audit began must have
 * taken their streams' responses away; those that came later may have. Confined to the audit's
 * thread.
 */
final class ErasureAudit {
    private final Rules rules;
    private final Findings findings;
    private final Set<StreamId> erased = new HashSet<>();
    private final Set<StreamId> settled = new HashSet<>();
    private final Map<StreamId, Spot> standing = new HashMap<>();

    ErasureAudit(Rules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /**
     * The next record of the erasures.
     *
     * @param heeded whether the projector had read it when the audit began
     */
    void add(ConsumerRecord<byte[], byte[]> record, boolean heeded) {
        if (!rules.includes(record)) {
            return;
        }
        try {
            var id = Erasure.of(record).requestId();
            erased.add(id);
            if (heeded) {
                settled.add(id);
            }
            rules.requireRoom(erased.size(), rules.topics().erasures(), record.partition());
        } catch (MalformedRecordException e) {
            findings.violation(
                    ViolationCode.FOREIGN_RECORD,
                    Spot.of(record),
                    Rules.idOf(record),
                    null,
                    "an erasure under its stream's id",
                    "one whose " + e.field() + " is wrong");
        }
    }

    /** The next record of the responses; behind all erasures that are {@linkplain #add heeded}. */
    void response(ConsumerRecord<byte[], byte[]> record) {
        var id = Rules.idOf(record);
        if (id == null || !settled.contains(id)) {
            return;
        }
        if (record.value() == null) {
            standing.remove(id);
        } else {
            standing.put(id, Spot.of(record));
        }
    }

    /** Whether a stream was erased; then it need not have a response. */
    boolean has(StreamId id) {
        return erased.contains(id);
    }

    /** Everything was read. */
    void finish() {
        standing.forEach((id, spot) ->
                findings.violation(
                        ViolationCode.RESPONSE_NOT_ERASED,
                        spot,
                        id,
                        null,
                        "none, or nothing in its place",
                        "a response"));
    }
}
