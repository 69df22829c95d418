package io.tidemark.projector.internal;

import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Reads {@code tidemark.erasures} into its store. What is none is passed by; one without a value
 * is, so that nothing that was erased comes back. Confined to the stream thread of its partition.
 */
final class ErasureKeeper implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<byte[], byte[]> erasures;
    private int partition;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ErasureKeeper() {}

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        erasures = context.getStateStore(ProjectorStores.ERASURES);
        partition = context.taskId().partition();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            Erasure.of(partition, record.key(), record.value());
            erasures.put(record.key(), record.value());
        } catch (MalformedRecordException e) {
            /* The eraser, which reads it as well, counts it. */
            return;
        }
    }
}
