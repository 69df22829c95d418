package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ResponseCodec;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the results of the generation before that are taken over, as they are: key, value, time
 * and headers; and lists their streams, which nobody has seen begin here, unless they were erased.
 * Confined to the stream thread of its partition.
 */
final class Inheritor implements Processor<byte[], byte[], byte[], byte[]> {
    private final Inheritance inheritance;
    private final Kind kind;
    private final ProjectorMetrics metrics;
    private ProcessorContext<byte[], byte[]> context;
    private @Nullable StreamIndex index;
    private @Nullable Erasures erasures;

    /** What is taken over. */
    enum Kind {
        RESPONSES,
        /** Ledger rows, which are all that a list has to know of a stream. */
        USAGE
    }

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    Inheritor(Inheritance inheritance, Kind kind, ProjectorMetrics metrics) {
        this.inheritance = inheritance;
        this.kind = kind;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> taskContext) {
        context = taskContext;
        if (kind == Kind.USAGE) {
            index = ProjectorStores.index(taskContext);
            erasures = ProjectorStores.erasures(taskContext);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            if (inheritance.includes(record, kind == Kind.RESPONSES)) {
                list(record);
                context.forward(record);
            }
        } catch (IllegalArgumentException | MalformedRecordException e) {
            /* A key that is no id, a row that is none: somebody else's record. */
            metrics.refused(Refusal.FOREIGN);
        }
    }

    private void list(Record<byte[], byte[]> record) {
        if (index == null || erasures == null) {
            return;
        }
        var row = ResponseCodec.decodeUsage(record.value());
        if (!erasures.has(row.requestId())) {
            index.end(row);
        }
    }
}
