package io.tidemark.schemas;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * A caller's key for a start, as the log has it: a digest, of which nobody can tell the key.
 * Immutable.
 *
 * @param digest 43 characters of base64url: 256 bits, without padding
 */
public record StartKey(String digest) {
    private static final String DIGEST = "[A-Za-z0-9_-]{43}";

    public StartKey {
        if (!digest.matches(DIGEST)) {
            throw new IllegalArgumentException("a digest must be 43 characters of base64url");
        }
    }

    /** The partition of {@code tidemark.start-keys} that has what is said of it. */
    public int partition(int partitions) {
        return Math.floorMod(digest.hashCode(), partitions);
    }

    /** The record to produce to say something of it. */
    public ProducerRecord<byte[], byte[]> record(String topic, int partitions, StartWord word) {
        var key = digest.getBytes(StandardCharsets.US_ASCII);
        return new ProducerRecord<>(topic, partition(partitions), key, word.encode());
    }

    /**
     * The key that a consumed record speaks of.
     *
     * @throws MalformedRecordException if it speaks of none
     */
    public static StartKey of(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        try {
            return new StartKey(key == null ? "" : new String(key, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("key", "must be 43 characters of base64url", null);
        }
    }
}
