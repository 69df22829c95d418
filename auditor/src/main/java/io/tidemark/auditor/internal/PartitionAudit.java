package io.tidemark.auditor.internal;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One partition of all topics of streams, which is all there is of its streams.
 *
 * <pre>
 *   event* -&gt; eventsRead -&gt; (command | erasure, heeded)* -&gt; result* -&gt; erasure* -&gt; finish
 * </pre>
 *
 * <p>Confined to the audit's thread.
 */
public final class PartitionAudit {
    private final Rules rules;
    private final Findings findings;
    private final Horizon horizon;
    private final StreamAudit.Shared shared;
    private final Map<StreamId, StreamAudit> streams = new LinkedHashMap<>();
    private final Epochs epochs = new Epochs();
    private final CommandAudit commands;
    private final ErasureAudit erasures;
    private final ResultAudit responses;
    private final ResultAudit usage;

    /**
     * A partition of which nothing was read yet.
     *
     * @param horizon where its events begin
     * @param eventsEnd offset behind the last event that is audited
     */
    public PartitionAudit(Rules rules, Findings findings, Horizon horizon, long eventsEnd) {
        this(rules, findings, horizon, eventsEnd, Readers.guarded());
    }

    PartitionAudit(
            Rules rules, Findings findings, Horizon horizon, long eventsEnd, Readers readers) {
        this.rules = rules;
        this.findings = findings;
        this.horizon = horizon;
        this.shared = rules.shared(findings, readers);
        this.commands = new CommandAudit(rules, findings, streams, horizon, epochs);
        this.erasures = new ErasureAudit(rules, findings);
        var log = new ResultAudit.EventLog(streams, horizon, eventsEnd);
        this.responses = new ResultAudit(ResultKind.RESPONSE, rules, findings, log);
        this.usage = new ResultAudit(ResultKind.USAGE, rules, findings, log);
    }

    /** The next record of the events. */
    public void event(ConsumerRecord<byte[], byte[]> record) {
        if (!rules.includes(record)) {
            return;
        }
        switch (EventRecord.of(record)) {
            case EventRecord.Entry entry -> {
                if (inPlace(entry.id(), record)) {
                    epochs.used(entry.id(), entry.headers().attempt(), Spot.of(record));
                    event(entry, record, stream(entry.id(), record));
                }
            }
            case EventRecord.Fence fence -> {
                if (inPlace(fence.id(), record)) {
                    epochs.used(fence.id(), fence.attempt(), Spot.of(record));
                    stream(fence.id(), record).fence(fence, Spot.of(record));
                }
            }
            case EventRecord.Foreign foreign ->
                    findings.violation(
                            ViolationCode.FOREIGN_RECORD,
                            Spot.of(record),
                            Rules.idOf(record),
                            null,
                            "the key and headers of an event or a fence",
                            foreign.problem());
        }
    }

    private void event(
            EventRecord.Entry entry, ConsumerRecord<byte[], byte[]> record, StreamAudit stream) {
        var opened = rules.opener().opened(entry);
        if (opened.isEmpty()) {
            stream.sealed();
        }
        stream.event(
                opened.orElseGet(() -> Opener.rest(entry)),
                record,
                horizon.mayHaveRemoved(entry.id().time()));
    }

    private boolean inPlace(StreamId id, ConsumerRecord<byte[], byte[]> record) {
        if (id.partition() == record.partition()) {
            return true;
        }
        findings.violation(
                ViolationCode.WRONG_PARTITION,
                Spot.of(record),
                id,
                null,
                "partition " + id.partition(),
                "partition " + record.partition());
        return false;
    }

    private StreamAudit stream(StreamId id, ConsumerRecord<byte[], byte[]> record) {
        var known = streams.get(id);
        if (known != null) {
            return known;
        }
        rules.requireRoom(streams.size() + 1, rules.topics().events(), record.partition());
        findings.count(Count.STREAMS);
        var stream = new StreamAudit(id, Spot.of(record), shared);
        streams.put(id, stream);
        return stream;
    }

    /** There are no more events: what open streams hold of their content is given back. */
    public void eventsRead() {
        streams.values().forEach(StreamAudit::forgetContent);
    }

    /** The next record of the commands. */
    public void command(ConsumerRecord<byte[], byte[]> record) {
        commands.add(record);
    }

    /**
     * The next record of the erasures.
     *
     * @param heeded whether the projector had read it when the audit began; to be told before any
     *     result, all others behind the results
     */
    public void erasure(ConsumerRecord<byte[], byte[]> record, boolean heeded) {
        erasures.add(record, heeded);
    }

    /** The next record of the responses or the ledger. */
    public void result(ResultKind kind, ConsumerRecord<byte[], byte[]> record) {
        if (kind == ResultKind.RESPONSE) {
            erasures.response(record);
        }
        results(kind).add(record);
    }

    private ResultAudit results(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> responses;
            case USAGE -> usage;
        };
    }

    /**
     * Everything was read.
     *
     * @param projected offset in the events up to which all results there are have been read
     * @param horizons where the results of each kind begin
     */
    public void finish(long projected, Map<ResultKind, Horizon> horizons) {
        epochs.finish(findings, rules.closed());
        commands.finish();
        erasures.finish();
        for (var stream : streams.values()) {
            var end = stream.end();
            if (end == null) {
                leftOpen(stream);
            } else if (end.expected() == null) {
                findings.count(Count.NOT_COMPARED);
            } else {
                compare(stream.id(), end, end.expected(), projected, horizons);
            }
        }
    }

    private void leftOpen(StreamAudit stream) {
        if (stream.nothingLeft(horizon.mayHaveRemoved(stream.id().time()))) {
            findings.count(Count.TRUNCATED);
            return;
        }
        findings.count(Count.OPEN);
        responses.checkOpen(stream.id());
        usage.checkOpen(stream.id());
        if (rules.closed() && !commands.saidDone(stream.id())) {
            findings.violation(
                    ViolationCode.NEVER_ENDED,
                    stream.last(),
                    stream.id(),
                    stream.next() - 1,
                    "a terminal event",
                    stream.next() == 0 ? "no event" : "sequence " + (stream.next() - 1));
        }
    }

    private void compare(
            StreamId id,
            EndedStream end,
            Expected expected,
            long projected,
            Map<ResultKind, Horizon> horizons) {
        boolean read = end.terminal().offset() < projected;
        boolean erased = erasures.has(id);
        boolean sealed = !erased && end.sealed();
        if (!read && !(usage.has(id) && (erased || responses.has(id)))) {
            findings.count(Count.PENDING);
        }
        if (erased) {
            findings.count(Count.ERASED);
        }
        if (sealed) {
            findings.count(Count.SEALED);
        }
        for (var kind : ResultKind.values()) {
            if ((!erased && !sealed) || kind == ResultKind.USAGE) {
                var from = horizons.getOrDefault(kind, Horizon.none());
                results(kind).check(id, end, expected, read, from);
            }
        }
    }
}
