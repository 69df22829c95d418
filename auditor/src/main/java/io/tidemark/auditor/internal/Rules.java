package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What holds for the whole of an audit.
 *
 * @param closed whether nothing should be in flight
 * @param prices what ledger rows are charged by; without prices their cost is not compared
 * @param opener opens what is sealed, as far as there are keys
 */
public record Rules(
        Topics topics,
        Scope scope,
        boolean closed,
        AuditLimits limits,
        PriceTable prices,
        Opener opener) {
    /** Rules of an audit without keys. */
    public Rules(
            Topics topics, Scope scope, boolean closed, AuditLimits limits, PriceTable prices) {
        this(topics, scope, closed, limits, prices, Opener.withoutKeys());
    }

    StreamAudit.Shared shared(Findings findings, Readers readers) {
        return new StreamAudit.Shared(
                findings,
                readers,
                new OpenBytes(limits.openBytesMax()),
                topics.events().messageBytesMax(),
                prices);
    }

    /** Whether it is known what ledger rows should cost. */
    boolean knowsPrices() {
        return !prices.prices().isEmpty();
    }

    /**
     * Requires that no more streams are known of a partition than the limit allows.
     *
     * @throws AuditFailedException if there are more
     */
    void requireRoom(int known, Topic topic, int partition) {
        if (known > limits.streamsMax()) {
            throw new AuditFailedException(
                    "partition %d of %s has more than %d streams in the range, which is the limit: allow more, or audit a shorter range"
                            .formatted(partition, topic.name(), limits.streamsMax()));
        }
    }

    /** Whether a record is audited: by the stream its key names, or else by its time. */
    boolean includes(ConsumerRecord<byte[], byte[]> record) {
        var id = idOf(record);
        return id == null
                ? scope.includesStrangers(Instant.ofEpochMilli(record.timestamp()))
                : scope.includes(id);
    }

    /** The stream that a record's key names, if it names one. */
    static @Nullable StreamId idOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.key() == null ? null : StreamId.ofKey(record.key());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
