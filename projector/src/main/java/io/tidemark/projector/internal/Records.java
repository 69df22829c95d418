package io.tidemark.projector.internal;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventRecord.Entry;
import io.tidemark.schemas.EventRecord.Fence;
import io.tidemark.schemas.EventRecord.Foreign;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Tells what a record is, from what Kafka Streams shows of it. Stateless. */
final class Records {
    private Records() {}

    /**
     * What a record of {@code tidemark.events} is; foreign too where the id names another place.
     */
    static EventRecord classify(Record<byte[], byte[]> record, RecordMetadata place) {
        var found = EventRecord.of(consumed(record, place));
        int named =
                switch (found) {
                    case Entry entry -> entry.id().partition();
                    case Fence fence -> fence.id().partition();
                    case Foreign _ -> place.partition();
                };
        return named == place.partition()
                ? found
                : new Foreign("on another partition than its id names");
    }

    /** The stream that a key names, if it is an id of that partition. */
    static Optional<StreamId> idOf(byte @Nullable [] key, int partition) {
        return Optional.ofNullable(key)
                .flatMap(Records::parsed)
                .filter(id -> id.partition() == partition);
    }

    /** The stream that a key names; empty if it is no id. */
    static Optional<StreamId> parsed(byte[] key) {
        try {
            return Optional.of(StreamId.ofKey(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            Record<byte[], byte[]> record, RecordMetadata place) {
        return new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                TimestampType.NO_TIMESTAMP_TYPE,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }
}
