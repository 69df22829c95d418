package io.tidemark.ingest.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.common.KafkaException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes streams over from ourselves, after their log broke. A producer that fails breaks the log of
 * every stream that had a record in it, so those of a partition that ask while one of them waits
 * for its turn share its scan.
 *
 * <p>Thread-safe and blocking: meant for virtual threads. Holds no more than the streams that wait.
 */
final class SharedReadBack {
    private record Place(int partition, long epoch) {}

    /* Guarded by the lock, until it is taken out of the map. */
    private static final class Batch {
        private final List<ReadBack> streams = new ArrayList<>();
        private final CompletableFuture<Map<StreamId, Inherited>> found = new CompletableFuture<>();
    }

    private final Takeover takeover;
    private final ReentrantLock lock = new ReentrantLock();
    /* Guarded by the lock: those whose scan has not begun. */
    private final Map<Place, Batch> gathering = new HashMap<>();

    SharedReadBack(Takeover takeover) {
        this.takeover = takeover;
    }

    /**
     * Fences one stream of ours, and tells what the log holds of it.
     *
     * @throws LogFailedException if Kafka does not answer; nothing is lost by trying again, with
     *     the same
     * @throws OutrankedException if somebody has claimed the partition after us, and fenced it, or
     *     it is nobody's to take over
     */
    Inherited inherit(ReadBack ours) {
        var place = new Place(ours.id().partition(), ours.epoch());
        Batch batch;
        boolean leads;
        lock.lock();
        try {
            batch = gathering.get(place);
            leads = batch == null;
            if (batch == null) {
                batch = new Batch();
                gathering.put(place, batch);
            }
            batch.streams.add(ours);
        } finally {
            lock.unlock();
        }
        if (leads) {
            scan(place, batch);
        }
        return answer(batch, ours);
    }

    private void scan(Place place, Batch batch) {
        try {
            batch.found.complete(takeover.inherit(place.partition(), () -> leave(place, batch)));
        } catch (RuntimeException | Error e) {
            batch.found.completeExceptionally(e);
        } finally {
            leave(place, batch);
        }
    }

    /* From now on whoever asks begins another. */
    private Collection<ReadBack> leave(Place place, Batch batch) {
        lock.lock();
        try {
            gathering.remove(place, batch);
            return batch.streams;
        } finally {
            lock.unlock();
        }
    }

    private Inherited answer(Batch batch, ReadBack ours) {
        try {
            return of(ours, batch.found.join());
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                /* One of them was fenced by another; that says nothing of the rest. */
                case OutrankedException outranked when batch.streams.size() == 1 -> throw outranked;
                case OutrankedException _ -> alone(ours);
                case LogFailedException failed -> throw failed;
                case KafkaException failed -> throw failed;
                case null, default -> throw e;
            };
        }
    }

    private Inherited alone(ReadBack ours) {
        return of(ours, takeover.inherit(ours.id().partition(), () -> List.of(ours)));
    }

    private static Inherited of(ReadBack ours, Map<StreamId, Inherited> found) {
        var inherited = found.get(ours.id());
        if (inherited == null) {
            throw ours.outranked();
        }
        return inherited;
    }
}
