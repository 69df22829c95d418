package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireNotNegative;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.Arrays;

/**
 * The key that a stream is sealed with, wrapped by a master key: a value of {@code tidemark.keys}
 * (section 17 of the protocol). A record without a value deletes it, and with it whatever was
 * sealed. Immutable.
 *
 * @param requestId the stream
 * @param at when it was made, in epoch milliseconds by the clock of the edge that made it
 * @param masterKey name of the master key that opens it
 * @param wrapped nonce, ciphertext and tag of the key, in base64
 */
public record WrappedKey(StreamId requestId, long at, String masterKey, String wrapped) {
    public WrappedKey {
        requireNonNull(requestId, "requestId");
        requireNotNegative("at", at);
        requireNonNull(masterKey, "masterKey");
        requireNonNull(wrapped, "wrapped");
    }

    /**
     * The record to produce, on the partition of the stream. Its time is never before the id's, so
     * that it is found from there on.
     */
    public ProducerRecord<byte[], byte[]> record(String topic) {
        long time = Math.max(at, requestId.time().toEpochMilli());
        var json = Json.bytes(Json.MAPPER.valueToTree(this));
        return new ProducerRecord<>(topic, requestId.partition(), time, requestId.key(), json);
    }

    /** The record that deletes the key of a stream. */
    public static ProducerRecord<byte[], byte[]> deletion(String topic, StreamId id) {
        return new ProducerRecord<>(topic, id.partition(), id.key(), null);
    }

    /**
     * The key that a consumed record holds.
     *
     * @throws MalformedRecordException if it holds none, or one of another stream or partition
     */
    public static WrappedKey of(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new MalformedRecordException("value", "must not be absent", null);
        }
        var key = Json.read(Json.object(record.value()), WrappedKey.class);
        if (!Arrays.equals(record.key(), key.requestId().key())) {
            throw new MalformedRecordException("key", "must be the requestId", null);
        }
        if (key.requestId().partition() != record.partition()) {
            throw new MalformedRecordException(
                    "requestId", "must name the partition it is on, " + record.partition(), null);
        }
        return key;
    }

    /** Without the key, wrapped as it is. */
    @Override
    public String toString() {
        return "WrappedKey[requestId="
                + requestId
                + ", at="
                + at
                + ", masterKey="
                + masterKey
                + "]";
    }
}
