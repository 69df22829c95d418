package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireNotNegative;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * That the capabilities for a stream which were issued before a moment are good for nothing any
 * more: a value of {@code tidemark.revocations} (section 15.5 of the protocol). Immutable.
 *
 * @param requestId the stream
 * @param at when it was written, in epoch milliseconds by the writer's clock
 * @param issuedBefore capabilities issued at that moment or before are revoked, in epoch
 *     milliseconds
 */
public record Revocation(StreamId requestId, long at, long issuedBefore) {
    public Revocation {
        requireNonNull(requestId, "requestId");
        requireNotNegative("at", at);
        requireNotNegative("issuedBefore", issuedBefore);
    }

    /** The record to produce, on the partition of the stream. */
    public ProducerRecord<byte[], byte[]> record(String topic) {
        var json = Json.bytes(Json.MAPPER.valueToTree(this));
        return new ProducerRecord<>(topic, requestId.partition(), requestId.key(), json);
    }

    /**
     * The revocation that a consumed record holds.
     *
     * @throws MalformedRecordException if it holds none
     */
    public static Revocation of(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new MalformedRecordException("value", "must not be absent", null);
        }
        return Json.read(Json.object(record.value()), Revocation.class);
    }
}
