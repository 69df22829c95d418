package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireNotNegative;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * That the content of a stream is nobody's to read any more: a value of {@code tidemark.erasures}
 * (section 16 of the protocol). Nobody takes one back. Immutable.
 *
 * @param requestId the stream
 * @param at when it was asked for, in epoch milliseconds by the clock of the edge that was asked
 * @param tenant whose stream it was; absent for nobody's
 */
public record Erasure(StreamId requestId, long at, @Nullable String tenant) {
    public Erasure {
        requireNonNull(requestId, "requestId");
        requireNotNegative("at", at);
    }

    /** The record to produce, on the partition of the stream. */
    public ProducerRecord<byte[], byte[]> record(String topic) {
        var json = Json.bytes(Json.MAPPER.valueToTree(this));
        return new ProducerRecord<>(topic, requestId.partition(), requestId.key(), json);
    }

    /**
     * The erasure that a consumed record holds.
     *
     * @throws MalformedRecordException if it holds none
     */
    public static Erasure of(ConsumerRecord<byte[], byte[]> record) {
        return of(record.partition(), record.key(), record.value());
    }

    /**
     * The erasure that key and value of a partition hold.
     *
     * @throws MalformedRecordException if they hold none, or one of another stream or partition
     */
    public static Erasure of(int partition, byte @Nullable [] key, byte @Nullable [] value) {
        if (value == null) {
            throw new MalformedRecordException("value", "must not be absent", null);
        }
        var erasure = Json.read(Json.object(value), Erasure.class);
        if (!Arrays.equals(key, erasure.requestId().key())) {
            throw new MalformedRecordException("key", "must be the requestId", null);
        }
        if (erasure.requestId().partition() != partition) {
            throw new MalformedRecordException(
                    "requestId", "must name the partition it is on, " + partition, null);
        }
        return erasure;
    }
}
