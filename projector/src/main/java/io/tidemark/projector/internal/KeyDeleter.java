package io.tidemark.projector.internal;

import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Deletes the keys of erased streams in the same transaction in which it is noted that their
 * erasures were read. The edge that took an erasure has done so before it answered; if it died on
 * the way, or has no master keys, this is who does. A deletion more changes nothing. Confined to
 * the stream thread of its partition.
 */
final class KeyDeleter implements Processor<byte[], byte[], byte[], byte[]> {
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    KeyDeleter() {}

    @Override
    public void init(ProcessorContext<byte[], byte[]> taskContext) {
        context = taskContext;
    }

    /** What is no erasure the {@link Eraser} counts. */
    @Override
    public void process(Record<byte[], byte[]> record) {
        int partition = context.taskId().partition();
        StreamId id;
        try {
            id = Erasure.of(partition, record.key(), record.value()).requestId();
        } catch (MalformedRecordException e) {
            return;
        }
        context.forward(new Record<>(id.key(), null, context.currentSystemTimeMs()));
    }
}
