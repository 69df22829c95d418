package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads {@code tidemark.responses} back: keeps each response for queries and only then lets go of
 * the pieces it was folded from, so that no query falls between the two. It also forgets, a bounded
 * step at a time, what is older than the topics' retention.
 *
 * <p>Confined to the stream thread of its partition.
 */
final class ResultKeeper implements Processor<byte[], byte[], Void, Void> {
    /** How often old records are looked for. */
    static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    /** Most keys looked at in one sweep of one store: a sweep must not hold up the stream. */
    static final int SWEEP_KEYS_MAX = 1_000;

    private final Topics topics;
    private final ProjectorMetrics metrics;

    private OpenStreams open;
    private KeyValueStore<byte[], byte[]> responses;
    private Sweep oldResponses;
    private Sweep oldStreams;
    private int partition;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ResultKeeper(Topics topics, ProjectorMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        open = ProjectorStores.openStreams(context);
        responses = context.getStateStore(ProjectorStores.RESPONSES);
        oldResponses = new Sweep(responses, SWEEP_KEYS_MAX);
        oldStreams = new Sweep(context.getStateStore(ProjectorStores.PROGRESS), SWEEP_KEYS_MAX);
        partition = context.taskId().partition();
        metrics.owned(partition, open.count());
        context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var id = idOf(record.key());
        if (id.isEmpty()) {
            metrics.refused(Refusal.FOREIGN);
            return;
        }
        if (record.value() == null) {
            responses.delete(record.key());
        } else {
            responses.put(record.key(), record.value());
        }
        drop(id.get());
    }

    private Optional<StreamId> idOf(byte @Nullable [] key) {
        try {
            return Optional.ofNullable(key)
                    .map(StreamId::ofKey)
                    .filter(id -> id.partition() == partition);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean drop(StreamId id) {
        boolean dropped = open.drop(id);
        if (dropped) {
            metrics.opened(partition, -1);
        }
        return dropped;
    }

    private void sweep(long now) {
        var time = Instant.ofEpochMilli(now);
        oldResponses.run(time.minus(topics.resultRetention()), (id, _) -> expire(id));
        var forgotten = time.minus(topics.eventRetention());
        oldStreams.run(forgotten, (id, value) -> abandon(id, value, forgotten));
    }

    private void expire(StreamId id) {
        responses.delete(id.key());
        metrics.expired();
    }

    /* An old id is not enough: a stream may go on for longer than its first events are kept. */
    private void abandon(StreamId id, byte[] stored, Instant forgotten) {
        if (Progress.decode(stored).lastAppendedAt() < forgotten.toEpochMilli() && drop(id)) {
            metrics.abandoned();
        }
    }

    @Override
    public void close() {
        metrics.released(partition);
    }
}
