package io.tidemark.export.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Ids of streams as keys. */
final class Ids {
    private Ids() {}

    /** The stream that a record's key names; null if it names none. */
    static @Nullable StreamId of(ConsumerRecord<byte[], byte[]> record) {
        var key = record.key();
        if (key == null || key.length != StreamId.LENGTH) {
            return null;
        }
        try {
            return StreamId.ofKey(key);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
