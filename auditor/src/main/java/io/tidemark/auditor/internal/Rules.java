package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.Scope;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What holds for the whole of an audit.
 *
 * @param closed whether nothing should be in flight
 */
public record Rules(Topics topics, Scope scope, boolean closed, AuditLimits limits) {
    /* What a record has beside its value; results larger than what remains are cut by the projector. */
    private static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

    private static final long MESSAGE_BYTES_MAX_DEFAULT = 1_048_588;

    StreamAudit.Shared shared(Findings findings, Readers readers) {
        return new StreamAudit.Shared(
                findings,
                readers,
                new OpenBytes(limits.openBytesMax()),
                messageBytesMax(topics.events()));
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

    /** Largest value that a topic is sure to take whole, in bytes. */
    static long valueBytesMax(Topic topic) {
        return messageBytesMax(topic) - RECORD_OVERHEAD_BYTES;
    }

    /** Largest record batch that a topic takes, in bytes. */
    static long messageBytesMax(Topic topic) {
        var setting = topic.settings().get("max.message.bytes");
        return setting == null ? MESSAGE_BYTES_MAX_DEFAULT : Long.parseLong(setting);
    }
}
