package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.projector.ProjectorMetrics.Result;
import io.tidemark.schemas.ErasedEvent;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Reads {@code tidemark.events}: keeps what the guard lets through as pieces, and on the terminal
 * event folds them once and sends the response and the ledger row on.
 *
 * <p>No record can stop it. What is fenced, repeated, late or foreign is counted and passed by.
 * What is larger than the topic should have taken, which only compression makes possible, keeps its
 * sequence and loses its value, since no changelog would take it; {@link Results} does the like. A
 * gap in the middle, which only a log that lost records can show, is counted and bridged: the
 * stream goes on behind it, so that its end and its cost are not lost as well, and the response
 * carries a warning. A stream whose start is not there is not taken up at all, since nobody could
 * tell whose it is, and a straggler of a stream long finished would look the same.
 *
 * <p>Of an erased stream it keeps what the ledger row needs and sends nothing but the row on, which
 * is the same as if it had not been erased.
 *
 * <p>Confined to the stream thread of its partition.
 */
final class EventCollector implements Processor<byte[], byte[], byte[], byte[]> {
    private final Results results;
    private final SequenceWaiters waiters;
    private final ProjectorMetrics metrics;
    private final int eventBytesMax;
    private final CommitWatches commits;
    private final Openings openings;

    private ProcessorContext<byte[], byte[]> context;
    private OpenStreams open;
    private StreamIndex index;
    private Erasures erasures;
    private KeyValueStore<byte[], byte[]> responses;

    /**
     * A collector of one partition.
     *
     * @param eventBytesMax largest value that is kept, in bytes
     * @param commits tells when pieces were committed
     * @param openings opens what is sealed
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    EventCollector(
            Results results,
            SequenceWaiters waiters,
            ProjectorMetrics metrics,
            int eventBytesMax,
            CommitWatches commits,
            Openings openings) {
        this.results = results;
        this.waiters = waiters;
        this.metrics = metrics;
        this.eventBytesMax = eventBytesMax;
        this.commits = commits;
        this.openings = openings;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> taskContext) {
        context = taskContext;
        open = ProjectorStores.openStreams(taskContext, commits.of(taskContext.taskId()));
        index = ProjectorStores.index(taskContext);
        erasures = ProjectorStores.erasures(taskContext);
        responses = taskContext.getStateStore(ProjectorStores.RESPONSES);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var place = context.recordMetadata().orElseThrow();
        switch (Records.classify(record, place)) {
            case EventRecord.Entry entry -> collect(entry, record, place);
            case EventRecord.Fence fence -> pass(fence, record, place);
            case EventRecord.Foreign _ -> metrics.refused(Refusal.FOREIGN);
        }
        index.takenIn(place.offset() + 1);
    }

    private void pass(
            EventRecord.Fence fence, Record<byte[], byte[]> record, RecordMetadata place) {
        var known = open.find(fence.id());
        if (known == null) {
            if (finished(fence.id())) {
                return;
            }
            metrics.opened(place.partition(), 1);
        }
        var before = known == null ? first(fence.id()) : known;
        spoke(before, place);
        open.save(fence.id(), before.fenced(fence.attempt(), record.timestamp()));
    }

    private void collect(
            EventRecord.Entry entry, Record<byte[], byte[]> record, RecordMetadata place) {
        var known = open.find(entry.id());
        if (known == null && finished(entry.id())) {
            metrics.refused(Refusal.AFTER_TERMINAL);
            return;
        }
        var before = known == null ? first(entry.id()) : known;
        var guard = ReaderGuard.resuming(before.attempt(), before.next(), before.ended());
        switch (admit(guard, entry)) {
            case ACCEPTED -> accept(entry, guard.ended(), before, record, place);
            case FENCED -> metrics.refused(Refusal.FENCED);
            case DUPLICATE -> metrics.refused(Refusal.DUPLICATE);
            case AFTER_TERMINAL -> metrics.refused(Refusal.AFTER_TERMINAL);
            case GAP -> bridge(entry, before, record, place);
        }
    }

    private Progress first(StreamId id) {
        return erasures.has(id) ? Progress.NONE.erase() : Progress.NONE;
    }

    private static Verdict admit(ReaderGuard guard, EventRecord.Entry entry) {
        return guard.admit(entry.headers());
    }

    private void bridge(
            EventRecord.Entry entry,
            Progress before,
            Record<byte[], byte[]> record,
            RecordMetadata place) {
        if (before.next() == 0) {
            metrics.refused(Refusal.HEADLESS);
            return;
        }
        metrics.gap();
        var behind = ReaderGuard.resuming(before.attempt(), entry.headers().sequence());
        admit(behind, entry);
        accept(entry, behind.ended(), before, record, place);
    }

    private void accept(
            EventRecord.Entry entry,
            boolean terminal,
            Progress before,
            Record<byte[], byte[]> record,
            RecordMetadata place) {
        var headers = entry.headers();
        var event =
                new AcceptedEvent(
                        headers.attempt(),
                        headers.sequence(),
                        terminal,
                        place.offset(),
                        record.timestamp(),
                        kept(entry, before.erased()));
        if (before.none()) {
            metrics.opened(place.partition(), 1);
        }
        spoke(before, place);
        var after = open.append(entry.id(), before, event);
        metrics.accepted();
        if (event.sequence() == 0 && !before.erased()) {
            index.begin(entry.id(), event.json());
        }
        waiters.reached(entry.id(), event.sequence(), terminal);
        if (terminal) {
            finish(entry, after, record.timestamp());
        }
    }

    private void spoke(Progress before, RecordMetadata place) {
        if (before.silent()) {
            metrics.spokeAgain(place.partition());
        }
    }

    /* Nothing is no event: the fold counts it as unreadable and warns that events are missing. */
    private byte[] kept(EventRecord.Entry entry, boolean erased) {
        if (entry.value().length > eventBytesMax) {
            return new byte[0];
        }
        return erased ? ErasedEvent.of(entry.value()) : openings.open(entry).value();
    }

    private void finish(EventRecord.Entry entry, Progress progress, long appendedAt) {
        var assembly = open.assemble(entry.id(), progress);
        var sent = results.of(entry, progress, assembly, appendedAt);
        sent.ifPresentOrElse(
                both -> {
                    both.response()
                            .ifPresent(it -> context.forward(it, ProjectorTopology.RESPONSES_SINK));
                    context.forward(both.usage(), ProjectorTopology.USAGE_SINK);
                    metrics.resultOut(appendedAt);
                    if (progress.erased()) {
                        close(entry.id(), progress);
                    } else {
                        index.end(both.row());
                    }
                },
                () -> metrics.result(Result.NONE));
    }

    /* No response comes back of an erased stream. */
    private void close(StreamId id, Progress progress) {
        open.erase(id, progress);
        metrics.opened(id.partition(), -1);
    }

    private boolean finished(StreamId id) {
        return responses.get(id.key()) != null;
    }
}
