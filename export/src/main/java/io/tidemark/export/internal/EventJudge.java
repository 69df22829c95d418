package io.tidemark.export.internal;

import io.tidemark.export.Verdict;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Judges events with the {@link ReaderGuard} that every reader uses, one for each stream of the
 * partition. A gap is bridged and shown, as the projector does: what is behind it is genuine.
 *
 * <p>Streams that have ended are remembered as well, since what comes behind their end is to be
 * dropped. With more than so many the one that was quiet for longest is forgotten.
 */
public final class EventJudge implements Judge {
    private final Guards guards;

    /** A judge that remembers so many streams. */
    public EventJudge(int streamsMax) {
        this.guards = new Guards(streamsMax);
    }

    @Override
    public Judgement judge(ConsumerRecord<byte[], byte[]> record) {
        return switch (EventRecord.of(record)) {
            case EventRecord.Entry entry ->
                    new Judgement(verdict(entry), entry.headers().attempt());
            case EventRecord.Fence fence -> {
                guardOf(fence.id()).fence(fence.attempt());
                yield new Judgement(Verdict.FENCE, fence.attempt());
            }
            case EventRecord.Foreign _ -> Judgement.of(Verdict.FOREIGN);
        };
    }

    private ReaderGuard guardOf(StreamId id) {
        return guards.computeIfAbsent(id, _ -> ReaderGuard.fromStart());
    }

    private Verdict verdict(EventRecord.Entry entry) {
        var guard = guardOf(entry.id());
        return switch (guard.admit(entry.headers())) {
            case ACCEPTED -> Verdict.ACCEPTED;
            case FENCED -> Verdict.FENCED;
            case DUPLICATE -> Verdict.DUPLICATE;
            case AFTER_TERMINAL -> Verdict.AFTER_TERMINAL;
            case GAP -> {
                guards.put(entry.id(), bridged(guard, entry));
                yield Verdict.GAP;
            }
        };
    }

    private static ReaderGuard bridged(ReaderGuard guard, EventRecord.Entry entry) {
        var behind = ReaderGuard.resuming(guard.attempt(), entry.headers().sequence());
        behind.admit(entry.headers());
        return behind;
    }

    @Override
    public long forgotten() {
        return guards.forgotten;
    }

    /** In the order in which they were last heard of. */
    private static final class Guards extends LinkedHashMap<StreamId, ReaderGuard> {
        private static final long serialVersionUID = 1L;
        private static final int CAPACITY = 1024;
        private static final float LOAD = 0.75f;

        private final int streamsMax;
        private long forgotten;

        private Guards(int streamsMax) {
            super(CAPACITY, LOAD, true);
            this.streamsMax = streamsMax;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, ReaderGuard> eldest) {
            boolean full = size() > streamsMax;
            if (full) {
                forgotten++;
            }
            return full;
        }
    }
}
