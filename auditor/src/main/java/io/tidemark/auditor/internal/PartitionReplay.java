package io.tidemark.auditor.internal;

import io.tidemark.auditor.ReplayDifference;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.auditor.ReplayedStream;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One partition of events and results, which is all there is of its streams.
 *
 * <pre>
 *   event* -&gt; eventsRead -&gt; result* -&gt; erasure* -&gt; finish
 * </pre>
 *
 * <p>Confined to the thread that replays.
 */
public final class PartitionReplay {
    private final Rules rules;
    private final int partition;
    private final Horizon horizon;
    private final long eventsEnd;
    private final OpenBytes memory;
    private final Map<StreamId, FoldingStream> streams = new LinkedHashMap<>();
    private final PublishedResults responses;
    private final PublishedResults usage;
    private final List<StreamId> wanted;
    private final Set<StreamId> erased = new HashSet<>();
    private int ended;

    /** Reads what was kept as a fingerprint once more. */
    public interface Again {
        /** The fold of a stream's events from one offset to before another one. */
        LogFold fold(StreamId id, long first, long end);

        /** The value of a result. */
        byte[] published(ResultKind kind, long offset);
    }

    /** Takes what came of each stream. */
    public interface Sink {
        /** Counts a stream; whether its details are wanted. */
        boolean isTold(ReplayVerdict verdict);

        /** Whether responses are wanted as well. */
        boolean printing();

        /** The response of the stream that is told of next. */
        void folded(byte[] response);

        /** A stream whose details were wanted. */
        void replayed(ReplayedStream stream);
    }

    /**
     * How far the results are that were read.
     *
     * @param offset in the events up to which all results there are have been read
     * @param unsettled kinds whose transactions were not all committed
     * @param horizons where the results of each kind begin
     */
    public record Projected(
            long offset, Set<ResultKind> unsettled, Map<ResultKind, Horizon> horizons) {}

    /**
     * A partition of which nothing was read yet.
     *
     * @param horizon where its events begin
     * @param eventsEnd offset behind the last event that is read
     */
    public PartitionReplay(Rules rules, int partition, Horizon horizon, long eventsEnd) {
        this.rules = rules;
        this.partition = partition;
        this.horizon = horizon;
        this.eventsEnd = eventsEnd;
        this.memory = new OpenBytes(rules.limits().openBytesMax());
        this.wanted = rules.scope() instanceof Scope.Several some ? some.on(partition) : List.of();
        this.responses = new PublishedResults(ResultKind.RESPONSE, rules);
        this.usage = new PublishedResults(ResultKind.USAGE, rules);
    }

    /** The next record of the events. */
    public void event(ConsumerRecord<byte[], byte[]> record) {
        if (!rules.includes(record)) {
            return;
        }
        switch (EventRecord.of(record)) {
            case EventRecord.Entry entry when isHere(entry.id()) -> {
                var stream = stream(entry.id());
                boolean before = stream.ended();
                stream.event(entry, record);
                ended += !before && stream.ended() ? 1 : 0;
            }
            case EventRecord.Fence fence when isHere(fence.id()) ->
                    stream(fence.id()).fence(fence.attempt());
            case EventRecord.Entry _, EventRecord.Fence _, EventRecord.Foreign _ -> {
                // No reader takes it, nor does the projector.
            }
        }
    }

    private boolean isHere(StreamId id) {
        return id.partition() == partition;
    }

    private FoldingStream stream(StreamId id) {
        var known = streams.get(id);
        if (known != null) {
            return known;
        }
        rules.requireRoom(streams.size() + 1, rules.topics().events(), partition);
        var stream = new FoldingStream(id, rules.topics(), memory, rules.opener());
        streams.put(id, stream);
        return stream;
    }

    /** Whether all streams that were asked for have ended; never if they were not named. */
    public boolean enough() {
        return !wanted.isEmpty() && ended == wanted.size();
    }

    /** There are no more events: what open streams hold is given back. */
    public void eventsRead() {
        streams.values().forEach(FoldingStream::forget);
    }

    /** The offset that the projector must have read up to; 0 if nothing has to be published. */
    public long endsBefore() {
        return streams.values().stream()
                .filter(stream -> stream.prints() != null)
                .mapToLong(stream -> stream.lastOffset() + 1)
                .max()
                .orElse(0);
    }

    /** The next record of the responses or the ledger. */
    public void result(ResultKind kind, ConsumerRecord<byte[], byte[]> record) {
        of(kind).add(record);
    }

    private PublishedResults of(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> responses;
            case USAGE -> usage;
        };
    }

    /** The next record of the erasures, those among them that came when the results were read. */
    public void erasure(ConsumerRecord<byte[], byte[]> record) {
        if (!rules.includes(record)) {
            return;
        }
        try {
            erased.add(Erasure.of(record).requestId());
            rules.requireRoom(erased.size(), rules.topics().erasures(), partition);
        } catch (MalformedRecordException e) {
            // The matter of an audit.
        }
    }

    /** Everything was read. */
    public void finish(Projected projected, Again again, Sink sink) {
        var judge =
                new ReplayJudge(
                        rules.topics(),
                        horizon,
                        eventsEnd,
                        this::of,
                        projected,
                        erased::contains,
                        again);
        for (var stream : streams.values()) {
            tell(
                    sink,
                    judge.verdict(stream),
                    () -> {
                        print(stream, again, sink);
                        return judge.differences(stream);
                    },
                    stream.id());
        }
        for (var id : strangers()) {
            tell(sink, judge.verdict(id), () -> judge.unexpected(id), id);
        }
    }

    private interface Details {
        List<ReplayDifference> find();
    }

    private static void tell(Sink sink, ReplayVerdict verdict, Details details, StreamId id) {
        if (sink.isTold(verdict)) {
            var differences = details.find();
            sink.replayed(
                    new ReplayedStream(id, verdict, verdict.wrong() ? differences : List.of()));
        }
    }

    /* The log may have what was erased, but it is nobody's to read. */
    private void print(FoldingStream stream, Again again, Sink sink) {
        if (sink.printing()
                && stream.started()
                && !stream.unfolded()
                && !erased.contains(stream.id())) {
            again.fold(stream.id(), stream.firstOffset(), stream.lastOffset() + 1)
                    .response()
                    .map(ResponseCodec::encode)
                    .ifPresent(sink::folded);
        }
    }

    /* Those of which there is no event: only results, or nothing although somebody asked for them. */
    private Set<StreamId> strangers() {
        var strangers = new LinkedHashSet<>(wanted);
        strangers.addAll(responses.ids());
        strangers.addAll(usage.ids());
        strangers.removeAll(streams.keySet());
        return strangers;
    }
}
