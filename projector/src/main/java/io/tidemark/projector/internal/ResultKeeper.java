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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads {@code tidemark.responses} back: keeps each response for queries and only then lets go of
 * the pieces it was folded from, so that no query falls between the two. It also forgets, a bounded
 * step at a time, what is older than the topics' retention: a response by the wall clock, as the
 * topic does, an open stream by the log's own time.
 *
 * <p>Confined to the stream thread of its partition.
 */
final class ResultKeeper implements Processor<byte[], byte[], Void, Void> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ResultKeeper.class);

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
    private ProcessorContext<Void, Void> context;
    private int partition;
    private int foreign;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ResultKeeper(Topics topics, ProjectorMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Void, Void> taskContext) {
        context = taskContext;
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
        return Optional.ofNullable(key)
                .flatMap(ResultKeeper::parsed)
                .filter(id -> id.partition() == partition);
    }

    private static Optional<StreamId> parsed(byte[] key) {
        try {
            return Optional.of(StreamId.ofKey(key));
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
        oldResponses.run(before(now, topics.resultRetention()), this::expire);
        var forgotten = forgotten(now);
        oldStreams.run(forgotten, key -> abandon(key, forgotten));
        logForeign();
    }

    /*
     * What the log holds no longer is told by its own time. By the wall clock every stream is old
     * while an old log is folded again, and would lose its head before its end is read.
     */
    private Instant forgotten(long now) {
        return before(Math.min(now, context.currentStreamTimeMs()), topics.eventRetention());
    }

    private static Instant before(long now, Duration retention) {
        return Instant.ofEpochMilli(Math.max(0, now - retention.toMillis()));
    }

    /* A store that is restored takes every key of its topic, whoever wrote it. */
    private void expire(byte[] key) {
        responses.delete(key);
        if (parsed(key).isPresent()) {
            metrics.expired();
        } else {
            metrics.refused(Refusal.FOREIGN);
            foreign++;
        }
    }

    /* An old id is not enough: a stream may go on for longer than its first events are kept. */
    private void abandon(byte[] key, Instant forgotten) {
        var id = StreamId.ofKey(key);
        var progress = open.find(id);
        if (progress != null && progress.lastAppendedAt() < forgotten.toEpochMilli() && drop(id)) {
            metrics.abandoned();
        }
    }

    private void logForeign() {
        if (foreign > 0) {
            LOGGER.atWarn()
                    .addKeyValue("topicName", topics.responses().name())
                    .addKeyValue("partition", partition)
                    .addKeyValue("count", foreign)
                    .log("foreign results deleted from the local store");
            foreign = 0;
        }
    }

    @Override
    public void close() {
        metrics.released(partition);
    }
}
