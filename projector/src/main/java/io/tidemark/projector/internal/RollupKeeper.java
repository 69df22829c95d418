package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Counting;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.Topics;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Adds what comes for a rollup to what it was, keeps the sum and sends it on. A rollup is kept for
 * as long as its topic keeps it; what comes for one that is forgotten is counted and passed by,
 * since its sum would be taken for the whole. Confined to the stream thread of its partition.
 */
final class RollupKeeper implements Processor<byte[], byte[], byte[], KeptRollup> {
    private final Topics topics;
    private final ProjectorMetrics metrics;

    private ProcessorContext<byte[], KeptRollup> context;
    private KeyValueStore<byte[], byte[]> rollups;
    private Sweep old;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    RollupKeeper(Topics topics, ProjectorMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], KeptRollup> taskContext) {
        context = taskContext;
        rollups = context.getStateStore(ProjectorStores.ROLLUPS);
        old = new Sweep(rollups, ResultKeeper.SWEEP_KEYS_MAX);
        context.schedule(
                ResultKeeper.SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> sweep());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var more = RollupCodec.decode(record.value());
        if (more.minute() < earliest()) {
            metrics.rolledUp(Counting.LATE);
            return;
        }
        byte[] before = rollups.get(record.key());
        var sum = before == null ? more : RollupCodec.decode(before).plus(more);
        byte[] json = RollupCodec.encode(sum);
        rollups.put(record.key(), json);
        var kept = new KeptRollup(context.taskId().partition(), json);
        context.forward(new Record<>(record.key(), kept, sum.minute()));
    }

    /*
     * By the log's time, for by the clock every minute of an old log is old while that is read
     * again; and by the clock, for a broker whose clock was ahead would make every minute old.
     */
    private long earliest() {
        long now = Math.min(context.currentSystemTimeMs(), context.currentStreamTimeMs());
        return RollupKey.minuteOf(Math.max(0, now - topics.resultRetention().toMillis()));
    }

    private void sweep() {
        old.run(RollupKey.firstOf(earliest()), this::expire);
    }

    private void expire(byte[] key) {
        rollups.delete(key);
        metrics.rollupExpired();
    }
}
