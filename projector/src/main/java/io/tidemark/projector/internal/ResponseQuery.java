package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Found;
import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.projector.internal.Answer.Unavailable;
import io.tidemark.projector.internal.Answer.Unknown;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers for one response from the stores that a stream thread is writing.
 *
 * <p>A stream moves one way: first its pieces and progress are there, then its response as well,
 * then its response alone. A query looks for the response, then for the progress, and folds the
 * pieces up to what the progress says, which is one moment of the stream. Finding neither, or a
 * piece gone in between, means that the stream moved on meanwhile, and the query looks again.
 *
 * <p>What it reads may belong to a transaction that is still open. That shows no event that is not
 * in the log, since the log is not written in that transaction; it is only earlier than {@code
 * tidemark.responses}. Thread-safe; folds at most a fixed number of responses at a time.
 */
public final class ResponseQuery {
    /** Longest a query waits for others to be folded. */
    static final Duration TURN_WAIT_MAX = Duration.ofSeconds(1);

    private static final int LOOKS_MAX = 3;
    private static final long ANY_SEQUENCE = -1;

    private final StoreView stores;
    private final SequenceWaiters waiters;
    private final Semaphore turns;

    /**
     * Queries against the given stores.
     *
     * @param waiters where to wait for a sequence
     * @param queriesMax most responses folded at a time
     */
    public ResponseQuery(StoreView stores, SequenceWaiters waiters, int queriesMax) {
        this.stores = stores;
        this.waiters = waiters;
        this.turns = new Semaphore(queriesMax);
    }

    /**
     * The response of a stream. With a wait it is never older than {@code minSequence}: it waits
     * while the state is behind, and then says so rather than answer with less. A stream that has
     * ended is as new as it can be, and one of which nothing is known is unknown.
     *
     * @param minSequence sequence that the answer holds, unless there is no wait
     * @param wait longest wait for it; zero for none, and for whatever there is
     */
    public Answer answer(StreamId id, long minSequence, Duration wait) throws InterruptedException {
        try {
            if (!wait.isPositive()) {
                return inTurn(id, ANY_SEQUENCE);
            }
            if (!reached(id, minSequence) && !await(id, minSequence, wait)) {
                return new Unavailable(Reason.BUSY);
            }
            return inTurn(id, minSequence);
        } catch (InvalidStateStoreException e) {
            return new Unavailable(Reason.NOT_READY);
        }
    }

    private boolean await(StreamId id, long minSequence, Duration wait)
            throws InterruptedException {
        var registered = waiters.register(id, minSequence);
        if (registered.isEmpty()) {
            return false;
        }
        try (var waiter = registered.get()) {
            if (!reached(id, minSequence)) {
                waiter.await(wait);
            }
            return true;
        }
    }

    private boolean reached(StreamId id, long sequence) {
        var progress = progress(id);
        return progress != null ? holds(progress, sequence) : result(id) != null;
    }

    private static boolean holds(Progress progress, long sequence) {
        return progress.ended() || progress.next() > sequence;
    }

    private Answer inTurn(StreamId id, long minSequence) throws InterruptedException {
        if (!turns.tryAcquire(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Unavailable(Reason.BUSY);
        }
        try {
            return look(id, minSequence);
        } finally {
            turns.release();
        }
    }

    private Answer look(StreamId id, long minSequence) {
        for (int looks = 0; looks < LOOKS_MAX; looks++) {
            byte @Nullable [] result = result(id);
            if (result != null) {
                return new Found(result);
            }
            var progress = progress(id);
            if (progress == null) {
                result = result(id);
                return result == null ? new Unknown() : new Found(result);
            }
            /* A fence may be all there is: then nobody has been shown an event of it. */
            if (progress.pieces() > 0 && !holds(progress, minSequence)) {
                return new Unavailable(Reason.BEHIND);
            }
            var assembly = assemble(id, progress);
            if (assembly.isPresent()) {
                return assembly.get()
                        .response()
                        .<Answer>map(response -> new Found(ResponseCodec.encode(response)))
                        .orElseGet(Unknown::new);
            }
        }
        return new Unavailable(Reason.NOT_READY);
    }

    private Optional<Assembly> assemble(StreamId id, Progress progress) {
        var pieces = store(ProjectorStores.PIECES, id);
        var assembly = new Assembly(id, progress.next());
        for (long number = 0; number < progress.pieces(); number++) {
            byte @Nullable [] piece = pieces.get(Piece.key(id, number));
            if (piece == null) {
                return Optional.empty();
            }
            assembly.add(piece);
        }
        return Optional.of(assembly);
    }

    private @Nullable Progress progress(StreamId id) {
        byte @Nullable [] stored = store(ProjectorStores.PROGRESS, id).get(id.key());
        return stored == null ? null : Progress.decode(stored);
    }

    private byte @Nullable [] result(StreamId id) {
        return store(ProjectorStores.RESPONSES, id).get(id.key());
    }

    private ReadOnlyKeyValueStore<byte[], byte[]> store(String name, StreamId id) {
        return stores.store(name, id.partition());
    }
}
