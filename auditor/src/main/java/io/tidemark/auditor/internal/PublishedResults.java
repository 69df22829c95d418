package io.tidemark.auditor.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The results of one kind on one partition as they were published: of each stream in the scope the
 * latest, as fingerprints. What a tombstone follows is not there. Confined to the thread that
 * replays.
 */
final class PublishedResults {
    private final ResultKind kind;
    private final Rules rules;
    private final Map<StreamId, Found> latest = new LinkedHashMap<>();

    /**
     * A result.
     *
     * @param print of what is compared of it
     * @param records how many there are of its stream
     */
    record Found(long offset, Fingerprint print, int records, ResultPlace place) {}

    PublishedResults(ResultKind kind, Rules rules) {
        this.kind = kind;
        this.rules = rules;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        var id = Rules.idOf(record);
        if (id == null || id.partition() != record.partition() || !rules.includes(record)) {
            return; // the matter of an audit
        }
        if (record.value() == null) {
            latest.remove(id);
            return;
        }
        var before = latest.get(id);
        if (before == null) {
            rules.requireRoom(latest.size() + 1, kind.topic(rules.topics()), record.partition());
        }
        latest.put(id, found(record, before == null ? 1 : before.records() + 1));
    }

    private Found found(ConsumerRecord<byte[], byte[]> record, int records) {
        return new Found(
                record.offset(),
                Fingerprint.of(FoldedResults.compared(kind, record.value())),
                records,
                ResultPlace.of(record));
    }

    /** The latest result of a stream; absent if there is none. */
    @Nullable Found of(StreamId id) {
        return latest.get(id);
    }

    /** The streams that have one. */
    Set<StreamId> ids() {
        return Collections.unmodifiableSet(latest.keySet());
    }
}
