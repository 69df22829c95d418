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
 * tidemark.responses}. Thread-safe; has at most a fixed number of responses in memory at a time,
 * from the look until the answer is written out.
 */
public final class ResponseQuery {
    /** Longest a query waits for others to be answered. */
    static final Duration TURN_WAIT_MAX = Duration.ofSeconds(1);

    /**
     * What is done with an answer. Its memory is accounted for until this returns, so it must be
     * written out by then.
     *
     * @param <E> what may go wrong with it
     */
    @FunctionalInterface
    public interface Use<E extends Exception> {
        /** Takes the answer. */
        void take(Answer answer) throws E;
    }

    private static final int LOOKS_MAX = 3;
    private static final long ANY_SEQUENCE = -1;

    private final StoreView stores;
    private final SequenceWaiters waiters;
    private final Semaphore turns;

    /**
     * Queries against the given stores.
     *
     * @param waiters where to wait for a sequence
     * @param queriesMax most responses in memory at a time
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
     * @param use told the answer, once
     */
    public <E extends Exception> void answer(
            StreamId id, long minSequence, Duration wait, Use<E> use)
            throws InterruptedException, E {
        if (!wait.isPositive()) {
            inTurn(id, ANY_SEQUENCE, use);
        } else if (awaited(id, minSequence, wait)) {
            inTurn(id, minSequence, use);
        } else {
            use.take(new Unavailable(Reason.BUSY));
        }
    }

    private boolean awaited(StreamId id, long minSequence, Duration wait)
            throws InterruptedException {
        try {
            return reached(id, minSequence) || await(id, minSequence, wait);
        } catch (InvalidStateStoreException e) {
            /* The look that follows finds the same, or that it is over. */
            return true;
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

    private <E extends Exception> void inTurn(StreamId id, long minSequence, Use<E> use)
            throws InterruptedException, E {
        if (!turns.tryAcquire(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            use.take(new Unavailable(Reason.BUSY));
            return;
        }
        try {
            use.take(lookOrNotReady(id, minSequence));
        } finally {
            turns.release();
        }
    }

    private Answer lookOrNotReady(StreamId id, long minSequence) {
        try {
            return look(id, minSequence);
        } catch (InvalidStateStoreException e) {
            return new Unavailable(Reason.NOT_READY);
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
