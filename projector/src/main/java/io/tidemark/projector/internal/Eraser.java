package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Acts on {@code tidemark.erasures}: takes the content of a stream out of the stores, and deletes
 * its response from {@code tidemark.responses}. The ledger row comes or stays: of a stream that
 * goes on, what the row needs is kept.
 *
 * <p>It does not matter whether an erasure is read before, amid or behind its stream's events, or
 * before the response comes back. Beside the stores there is what their files hold, and the active
 * segments of their topics, which no broker compacts while nothing is written to them: {@link
 * Leftovers} and {@link #nudge} see to these. Erasures that nobody needs any more are forgotten.
 *
 * <p>Confined to the stream thread of its partition.
 */
final class Eraser implements Processor<byte[], byte[], byte[], byte[]> {
    /** How often segments are made to end. */
    static final Duration NUDGE_INTERVAL = Duration.ofHours(1);

    /**
     * What was erased so long ago is out of the stores' topics, and does not come back when they
     * are restored.
     */
    static final Duration RESTORED_MAX = Topics.COMPACTION_LAG_MAX.multipliedBy(2);

    /** Most erasures looked at when a partition is taken over, the newest streams first. */
    static final int LOOK_BACK_MAX = 100_000;

    private final Topics topics;
    private final SequenceWaiters waiters;
    private final ProjectorMetrics metrics;
    private final StoreFiles files;

    private ProcessorContext<byte[], byte[]> context;
    private OpenStreams open;
    private StreamIndex index;
    private KeyValueStore<byte[], byte[]> erasures;
    private KeyValueStore<byte[], byte[]> responses;
    private KeyValueStore<byte[], byte[]> pieces;
    private KeyValueStore<byte[], byte[]> progress;
    private Sweep oldErasures;
    private Leftovers leftovers;
    private int partition;
    private Instant nudgedAt = Instant.MIN;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    Eraser(Topics topics, SequenceWaiters waiters, ProjectorMetrics metrics, StoreFiles files) {
        this.topics = topics;
        this.waiters = waiters;
        this.metrics = metrics;
        this.files = files;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> taskContext) {
        context = taskContext;
        partition = context.taskId().partition();
        open = ProjectorStores.openStreams(context, new CommitWatch());
        index = ProjectorStores.index(context);
        erasures = context.getStateStore(ProjectorStores.ERASURES);
        responses = context.getStateStore(ProjectorStores.RESPONSES);
        pieces = context.getStateStore(ProjectorStores.PIECES);
        progress = context.getStateStore(ProjectorStores.PROGRESS);
        oldErasures = new Sweep(erasures, ResultKeeper.SWEEP_KEYS_MAX);
        leftovers = new Leftovers(files, partition);
        lookBack(Instant.ofEpochMilli(context.currentSystemTimeMs()).minus(RESTORED_MAX));
        context.schedule(
                ResultKeeper.SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::lookAfter);
    }

    /* Stores may have been restored from what was not compacted yet, or closed before a tick. */
    private void lookBack(Instant since) {
        try (var newest = erasures.reverseAll()) {
            for (int looked = 0; looked < LOOK_BACK_MAX && newest.hasNext(); looked++) {
                var entry = newest.next();
                read(entry.key, entry.value)
                        .filter(erasure -> erasure.at() >= since.toEpochMilli())
                        .ifPresent(erasure -> leftovers.add(erasure.requestId()));
            }
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        read(record.key(), record.value())
                .ifPresentOrElse(this::erase, () -> metrics.refused(Refusal.FOREIGN));
    }

    private Optional<Erasure> read(byte[] key, byte[] value) {
        try {
            return Optional.of(Erasure.of(partition, key, value));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /* Whatever else is kept under the id of a stream is to be deleted here as well. */
    private void erase(Erasure erasure) {
        metrics.erased();
        var id = erasure.requestId();
        boolean finished = responses.delete(id.key()) != null;
        eraseEvents(id, finished, Math.max(erasure.at(), context.currentStreamTimeMs()));
        index.remove(id);
        delete(id);
        leftovers.add(id);
        waiters.reached(id, Long.MAX_VALUE, true);
        /* Out of the caches before the next tick. */
        context.commit();
    }

    private void eraseEvents(StreamId id, boolean finished, long now) {
        var known = open.find(id);
        if (known == null) {
            if (finished) {
                open.save(id, Progress.closed(now));
            }
        } else if (!known.closed() && open.erase(id, known).closed()) {
            metrics.opened(partition, -1);
        }
    }

    private void delete(StreamId id) {
        context.forward(
                new Record<>(id.key(), null, context.currentSystemTimeMs()),
                ProjectorTopology.RESPONSES_SINK);
    }

    private void lookAfter(long now) {
        leftovers.tick();
        var time = Instant.ofEpochMilli(now);
        var forgotten = time.minus(topics.erasureRetention());
        oldErasures.run(forgotten, key -> forget(key, forgotten));
        if (nudgedAt.isBefore(time.minus(NUDGE_INTERVAL))) {
            nudgedAt = time;
            nudge();
        }
    }

    /* An old stream may have been erased lately. */
    private void forget(byte[] key, Instant forgotten) {
        boolean wanted =
                Optional.ofNullable(erasures.get(key))
                        .flatMap(value -> read(key, value))
                        .filter(erasure -> erasure.at() >= forgotten.toEpochMilli())
                        .isPresent();
        if (!wanted) {
            erasures.delete(key);
        }
    }

    /*
     * A segment ends, and can be compacted, when something is written to the partition after its
     * time: what changes nothing does.
     */
    private void nudge() {
        try (var all = erasures.all()) {
            if (!all.hasNext()) {
                return;
            }
            var entry = all.next();
            read(entry.key, entry.value)
                    .ifPresent(erasure -> {
                        var id = erasure.requestId();
                        delete(id);
                        progress.put(id.key(), progress.get(id.key()));
                        pieces.put(Piece.key(id, 0), pieces.get(Piece.key(id, 0)));
                    });
        }
    }
}
