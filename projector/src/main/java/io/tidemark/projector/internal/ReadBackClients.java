package io.tidemark.projector.internal;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.Future;

/**
 * Kafka's clients for a topology that writes a topic and restores a store from it (KIP-813).
 *
 * <p>Kafka Streams takes the offset of what a task has written to a topic for how far a store that
 * is restored from that topic has come. Of a store's changelog that is true. This store has come as
 * far as the task has read the topic, which is less; and if another instance reads the rest before
 * the task comes back, the store lacks it for ever. So what is written to such a topic is
 * acknowledged under {@linkplain #WRITTEN another name}, and what counts is what was read. Decision
 * 049. Thread-safe.
 *
 * @param readBack name of the topic
 */
public record ReadBackClients(String readBack) implements KafkaClientSupplier {
    /** What follows the topic's name in acknowledgements; no topic's name has it. */
    static final String WRITTEN = " (written)";

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new Writer(config, readBack);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return reader(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return reader(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return reader(config);
    }

    private static Consumer<byte[], byte[]> reader(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static final class Writer extends KafkaProducer<byte[], byte[]> {
        private final String readBack;

        Writer(Map<String, Object> config, String readBack) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.readBack = readBack;
        }

        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            return callback != null && record.topic().equals(readBack)
                    ? super.send(record, (written, e) -> callback.onCompletion(renamed(written), e))
                    : super.send(record, callback);
        }
    }

    /* The metadata of a record that was not written is there as well, or is not. */
    private static @Nullable RecordMetadata renamed(@Nullable RecordMetadata written) {
        if (written == null) {
            return null;
        }
        return new RecordMetadata(
                new TopicPartition(written.topic() + WRITTEN, written.partition()),
                written.offset(),
                0,
                written.timestamp(),
                written.serializedKeySize(),
                written.serializedValueSize());
    }
}
