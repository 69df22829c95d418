package io.tidemark.edge.internal.live;

import io.tidemark.schemas.EventRecord;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the records of one partition to the scans of the streams that are looked for there.
 * Confined to one thread, for one read.
 */
final class PartitionScan {
    /** Whoever stands there, and the scan for them. */
    private record Scan(Standpoint from, StreamScan records) {
        boolean shareFull(long position, boolean atEnd, EventLog.Answers answers) {
            return records.shareFull(
                    position, atEnd, (wanted, batch) -> answers.answer(from, wanted, batch));
        }

        void shareRest(long position, boolean atEnd, EventLog.Answers answers) {
            records.shareRest(
                    position, atEnd, (wanted, batch) -> answers.answer(from, wanted, batch));
        }
    }

    private final Map<ByteBuffer, List<Scan>> byKey = new HashMap<>();
    private final EventLog.Answers answers;
    private final Opener opener;
    private final int scanRecordsMax;
    private final long end;
    private long last;

    PartitionScan(
            List<EventLog.Wish> wishes,
            KafkaEventLog.Range range,
            KafkaEventLog.Limits limits,
            Opener opener,
            EventLog.Answers answers) {
        this.answers = answers;
        this.opener = opener;
        this.scanRecordsMax = limits.scanRecordsMax();
        this.end = range.end();
        for (var wish : wishes) {
            var from = wish.from();
            var scan =
                    new StreamScan(
                            from.tenant(), from.cursor(), wish.wanted(), limits.batchBytes());
            byKey.computeIfAbsent(ByteBuffer.wrap(from.id().key()), _ -> new ArrayList<>())
                    .add(new Scan(from, scan));
        }
        begins(range.start());
    }

    /** Says that the first record there is has this offset. */
    void begins(long offset) {
        last = offset + scanRecordsMax;
        byKey.values().forEach(scans -> scans.forEach(scan -> scan.records().begins(offset)));
    }

    /** Takes the next record; returns whether it was the last one that is needed. */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        var key = record.key();
        var scans = key == null ? null : byKey.get(ByteBuffer.wrap(key));
        if (scans != null) {
            long position = record.offset() + 1;
            var event = opened(EventRecord.of(record));
            for (var scan : scans) {
                /* Another may have begun earlier. */
                if (record.offset() >= scan.from().cursor().position()) {
                    scan.records().take(event, record.offset(), record.timestamp());
                }
            }
            scans.removeIf(scan -> scan.shareFull(position, position >= end, answers));
            if (scans.isEmpty()) {
                byKey.remove(ByteBuffer.wrap(key));
            }
        }
        return byKey.isEmpty() || record.offset() >= last;
    }

    private EventRecord opened(EventRecord record) {
        return record instanceof EventRecord.Entry entry ? opener.open(entry) : record;
    }

    /**
     * Nothing more is looked at.
     *
     * @param position offset behind the last record, or the end
     */
    void finish(long position) {
        byKey.values()
                .forEach(scans ->
                        scans.forEach(scan -> scan.shareRest(position, position >= end, answers)));
    }
}
