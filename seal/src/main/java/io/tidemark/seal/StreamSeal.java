package io.tidemark.seal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ErasedEvent;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.SealedField;
import io.tidemark.schemas.StreamEvent;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * How the events of one stream are written to the log: {@link Open} as they are, {@link Sealed}
 * under its key, or, where its key is lost, {@link Lost}: nothing of what they say.
 */
public sealed interface StreamSeal {
    /**
     * The record to produce for an event.
     *
     * @param record the record of the event as it is
     * @param attempt that the record has in its headers
     */
    ProducerRecord<byte[], byte[]> seal(
            ProducerRecord<byte[], byte[]> record, StreamEvent event, Attempt attempt);

    /** Nothing is sealed. */
    record Open() implements StreamSeal {
        @Override
        public ProducerRecord<byte[], byte[]> seal(
                ProducerRecord<byte[], byte[]> record, StreamEvent event, Attempt attempt) {
            return record;
        }
    }

    /**
     * What an event says is sealed.
     *
     * @param random unpredictable
     */
    record Sealed(DataKey key, RandomGenerator random) implements StreamSeal {
        public Sealed {
            requireNonNull(key, "key");
            requireNonNull(random, "random");
        }

        @Override
        public ProducerRecord<byte[], byte[]> seal(
                ProducerRecord<byte[], byte[]> record, StreamEvent event, Attempt attempt) {
            byte[] json = record.value();
            byte[] ciphertext = key.seal(json, event.sequence(), attempt, event.type(), random);
            return with(record, SealedField.add(ErasedEvent.of(event), ciphertext));
        }

        @Override
        public String toString() {
            return "Sealed[" + key + "]";
        }
    }

    /** What an event says is left out. */
    record Lost() implements StreamSeal {
        @Override
        public ProducerRecord<byte[], byte[]> seal(
                ProducerRecord<byte[], byte[]> record, StreamEvent event, Attempt attempt) {
            byte[] rest = ErasedEvent.of(event);
            var type = EventCodec.decode(rest).type();
            var without = with(record, rest);
            without.headers()
                    .remove(EventHeaders.TYPE)
                    .add(EventHeaders.TYPE, type.getBytes(StandardCharsets.UTF_8));
            return without;
        }
    }

    private static ProducerRecord<byte[], byte[]> with(
            ProducerRecord<byte[], byte[]> record, byte[] value) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                value,
                record.headers());
    }
}
