package io.tidemark.auditor.internal;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

import java.nio.ByteBuffer;

/**
 * Where a result says that its stream is, and when it ended. Immutable.
 *
 * @param firstOffset of its first event; {@link #NO_OFFSET} if it does not say
 * @param lastOffset of its terminal event; likewise
 * @param timestamp when the log took that, in epoch milliseconds; {@link #NO_TIME} if its topic
 *     stamps records itself
 */
record ResultPlace(long firstOffset, long lastOffset, long timestamp) {
    static final long NO_OFFSET = -1;
    static final long NO_TIME = -1;

    static ResultPlace of(ConsumerRecord<byte[], byte[]> record) {
        /* A topic that was told to stamp records itself says nothing of the stream. */
        boolean stampedByWriter = record.timestampType() != TimestampType.LOG_APPEND_TIME;
        return new ResultPlace(
                offset(record, "firstOffset"),
                offset(record, "lastOffset"),
                stampedByWriter ? record.timestamp() : NO_TIME);
    }

    private static long offset(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null || header.value().length != Long.BYTES
                ? NO_OFFSET
                : ByteBuffer.wrap(header.value()).getLong();
    }

    @Override
    public String toString() {
        return "offsets %d to %d, timestamp %d".formatted(firstOffset, lastOffset, timestamp);
    }
}
