package io.tidemark.export.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.export.ExportedRecord;
import io.tidemark.export.Verdict;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.function.LongPredicate;

/** Tells which records of a partition are asked for, and what each of them is. */
public final class Selector {
    private final Scope scope;
    private final Judge judge;
    private final LongPredicate latest;
    private final boolean verbatim;

    /**
     * A selector for one partition.
     *
     * @param latest whether the record at an offset is the last of its key, or counts as if it were
     * @param verbatim whether values stay as they are even where strict readers refuse them
     */
    public Selector(Scope scope, Judge judge, LongPredicate latest, boolean verbatim) {
        this.scope = scope;
        this.judge = judge;
        this.latest = latest;
        this.verbatim = verbatim;
    }

    /** Whether a scope has a record: by the stream that it names, or else by its time. */
    static boolean includes(
            Scope scope, @Nullable StreamId id, ConsumerRecord<byte[], byte[]> record) {
        return id == null
                ? scope.includesStrangers(Instant.ofEpochMilli(record.timestamp()))
                : scope.includes(id);
    }

    /** What the next record is; null if it is not asked for. */
    public @Nullable ExportedRecord select(ConsumerRecord<byte[], byte[]> record) {
        var id = Ids.of(record);
        if (!includes(scope, id, record)) {
            return null;
        }
        var judgement = judge.judge(record);
        var source = verbatim ? record : readable(record);
        var value = source.value();
        ObjectNode json = value == null ? null : JsonValues.object(value);
        var verdict = verdict(record, judgement.verdict(), json != null);
        return new ExportedRecord(source, id, judgement.attempt(), verdict, json);
    }

    private static ConsumerRecord<byte[], byte[]> readable(ConsumerRecord<byte[], byte[]> record) {
        var value = record.value();
        var halves = value == null ? List.<Integer>of() : Surrogates.halves(value);
        return halves.isEmpty()
                ? record
                : new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType(),
                        record.serializedKeySize(),
                        record.serializedValueSize(),
                        record.key(),
                        Surrogates.mended(value, halves),
                        record.headers(),
                        record.leaderEpoch());
    }

    private Verdict verdict(
            ConsumerRecord<byte[], byte[]> record, Verdict judged, boolean readable) {
        boolean aboutItsKey = judged.kept() || judged == Verdict.TOMBSTONE;
        if (aboutItsKey && !latest.test(record.offset())) {
            return Verdict.SUPERSEDED;
        }
        return judged.kept() && !readable ? Verdict.UNREADABLE : judged;
    }

    /** Streams that were forgotten because there were more than may be remembered. */
    public long forgotten() {
        return judge.forgotten();
    }
}
