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

/**
 * Reads {@code tidemark.responses} back: keeps each response for queries and only then lets go of
 * the pieces it was folded from, so that no query falls between the two. It also forgets, a bounded
 * step at a time, what is older than the topics' retention: a response by the wall clock, as the
 * topic does, an open stream by the log's own time. And it has {@link SilentStreams} looked for.
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
    private final Duration silentAfter;
    private final StoreFiles files;

    private OpenStreams open;
    private StreamIndex index;
    private Erasures erasures;
    private Leftovers leftovers;
    private KeyValueStore<byte[], byte[]> responses;
    private Sweep oldResponses;
    private Sweep oldStreams;
    private Sweep oldEntries;
    private SilentStreams silent;
    private ProcessorContext<Void, Void> context;
    private int partition;
    private int foreign;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ResultKeeper(Topics topics, ProjectorMetrics metrics, Duration silentAfter, StoreFiles files) {
        this.topics = topics;
        this.metrics = metrics;
        this.silentAfter = silentAfter;
        this.files = files;
    }

    @Override
    public void init(ProcessorContext<Void, Void> taskContext) {
        context = taskContext;
        open = ProjectorStores.openStreams(context, new CommitWatch());
        index = ProjectorStores.index(context);
        erasures = ProjectorStores.erasures(context);
        responses = context.getStateStore(ProjectorStores.RESPONSES);
        oldResponses = new Sweep(responses, SWEEP_KEYS_MAX);
        oldStreams = streamSweep();
        oldEntries = new Sweep(context.getStateStore(ProjectorStores.STREAMS), SWEEP_KEYS_MAX);
        partition = context.taskId().partition();
        leftovers = new Leftovers(files, partition);
        silent = new SilentStreams(open, streamSweep(), silentAfter, partition, metrics);
        var count = open.count();
        metrics.owned(partition, count.streams(), count.silent());
        context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    private Sweep streamSweep() {
        return new Sweep(context.getStateStore(ProjectorStores.PROGRESS), SWEEP_KEYS_MAX);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var id = Records.idOf(record.key(), partition);
        if (id.isEmpty()) {
            metrics.refused(Refusal.FOREIGN);
        } else if (erasures.has(id.get())) {
            erase(id.get());
        } else if (record.value() == null) {
            responses.delete(record.key());
            forget(id.get());
        } else {
            keep(id.get(), record.value());
        }
    }

    /*
     * An instance that has lost its partition without knowing it may read what the next one made
     * before it reads what that was made of, and then passes by events of a stream that is over.
     */
    private void keep(StreamId id, byte[] response) {
        responses.put(id.key(), response);
        var progress = drop(id);
        if (progress == null || !progress.ended()) {
            index.endUnlessEnded(id, response);
        }
    }

    /* A response may come back behind its stream's erasure, and before what deletes it. */
    private void erase(StreamId id) {
        if (responses.delete(id.key()) != null) {
            leftovers.add(id);
        }
    }

    /* Who deletes the response of a stream that has none has its next one in mind. */
    private void forget(StreamId id) {
        var progress = open.find(id);
        if (progress == null || progress.ended()) {
            index.remove(id);
            drop(id);
        }
    }

    /** How far the stream was, if it was open. */
    private @Nullable Progress drop(StreamId id) {
        var dropped = open.drop(id);
        if (dropped != null) {
            metrics.opened(partition, -1);
            if (dropped.silent()) {
                metrics.silenceOver(partition);
            }
        }
        return dropped;
    }

    private void sweep(long now) {
        leftovers.tick();
        oldResponses.run(before(now, topics.resultRetention()), this::expire);
        oldEntries.run(before(now, topics.resultRetention()), this::unlist);
        var forgotten = forgotten(now);
        oldStreams.run(forgotten, key -> abandon(key, forgotten));
        silent.run(context.currentStreamTimeMs(), now);
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
        if (Records.parsed(key).isPresent()) {
            metrics.expired();
        } else {
            metrics.refused(Refusal.FOREIGN);
            foreign++;
        }
    }

    /* A store that was restored lacks what its topic has let go of, so this goes by the list alone. */
    private void unlist(byte[] key) {
        var id = StreamId.ofKey(key);
        if (open.find(id) == null) {
            index.remove(id);
        }
    }

    /* An old id is not enough: a stream may go on for longer than its first events are kept. */
    private void abandon(byte[] key, Instant forgotten) {
        var id = StreamId.ofKey(key);
        var progress = open.find(id);
        if (progress == null || progress.lastAppendedAt() >= forgotten.toEpochMilli()) {
            return;
        }
        if (progress.closed()) {
            open.drop(id);
        } else {
            drop(id);
            index.remove(id);
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
