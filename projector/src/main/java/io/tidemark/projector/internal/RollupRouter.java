package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Counting;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a partition of {@code tidemark.usage} and sends each row, as the rollup of itself alone, to
 * where the rollup that it counts in is kept. What is no ledger row of its partition is counted and
 * passed by. Confined to the stream thread of its partition.
 */
final class RollupRouter implements Processor<byte[], byte[], byte[], byte[]> {
    private final ProjectorMetrics metrics;

    private ProcessorContext<byte[], byte[]> context;
    private RollupKeys keys;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    RollupRouter(ProjectorMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> taskContext) {
        context = taskContext;
        keys = new RollupKeys(context.getStateStore(ProjectorStores.ROLLUP_KEYS));
        context.schedule(
                ResultKeeper.SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> sweep());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        rowOf(record)
                .ifPresentOrElse(
                        row -> send(row, record.timestamp()),
                        () -> metrics.rolledUp(Counting.FOREIGN));
    }

    private void send(UsageRow row, long at) {
        var exact = RollupKey.of(row, at);
        var told = keys.told(exact, Math.max(at, context.currentStreamTimeMs()));
        metrics.rolledUp(told.equals(exact) ? Counting.APART : Counting.TOGETHER);
        byte[] rollup = RollupCodec.encode(Rollup.of(told, row));
        context.forward(new Record<>(told.encode(), rollup, at));
    }

    private Optional<UsageRow> rowOf(Record<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        try {
            var row = ResponseCodec.decodeUsage(record.value());
            var id = row.requestId();
            boolean here = id.partition() == context.taskId().partition();
            return here && Arrays.equals(record.key(), id.key())
                    ? Optional.of(row)
                    : Optional.empty();
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /* By the partition's own time alone: what is told apart must not depend on when it is read. */
    private void sweep() {
        keys.sweep(Math.max(0, context.currentStreamTimeMs()));
    }
}
