package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Erased;
import io.tidemark.projector.internal.Answer.Found;
import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.projector.internal.Answer.Unavailable;
import io.tidemark.projector.internal.Answer.Unknown;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers for one response from the stores of this instance.
 *
 * <p>A stream moves one way: first its pieces and progress are there, then its response as well,
 * then its response alone. A query looks for the response, then for the progress, and folds the
 * pieces up to what the progress says, which is one moment of the stream. Finding neither, or a
 * piece gone in between, means that the stream moved on meanwhile, and the query looks again.
 *
 * <p>What is final, or holds the sequence that was asked for, is right wherever it is found, also
 * in a copy, or on an instance that has lost the partition without knowing it. Everything else
 * needs a {@link Proof}.
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
    private final Proof proof;
    private final SequenceWaiters waiters;
    private final Semaphore turns;

    /**
     * Queries against the given stores.
     *
     * @param stores all that are here and near their ends, copies among them
     * @param proof proves that those which this instance writes are complete
     * @param waiters where to wait for a sequence
     * @param queriesMax most responses in memory at a time
     */
    public ResponseQuery(StoreView stores, Proof proof, SequenceWaiters waiters, int queriesMax) {
        this.stores = stores;
        this.proof = proof;
        this.waiters = waiters;
        this.turns = new Semaphore(queriesMax);
    }

    /**
     * The response of a stream. With a wait it is never older than {@code minSequence}: it waits
     * while the state is behind, and then says so rather than answer with less. A stream that has
     * ended is as new as it can be. Without a wait, and where nothing is known, the answer is as
     * new as the log was when it was asked for.
     *
     * @param minSequence sequence that the answer holds, unless there is no wait
     * @param wait longest wait for it; zero for none, and for whatever there is
     * @param use told the answer, once
     */
    public <E extends Exception> void answer(
            StreamId id, long minSequence, Duration wait, Use<E> use)
            throws InterruptedException, E {
        if (!proof.inTouch()) {
            use.take(new Unavailable(Reason.LOG_UNREACHABLE));
        } else if (!wait.isPositive()) {
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
        var progress = progress(stores, id);
        return progress != null ? holds(progress, sequence) : result(stores, id) != null;
    }

    private static boolean holds(Progress progress, long sequence) {
        return progress.ended() || progress.next() > sequence;
    }

    private <E extends Exception> void inTurn(StreamId id, long minSequence, Use<E> use)
            throws InterruptedException, E {
        if (inTurn(() -> look(stores, id, minSequence, false), use)) {
            return;
        }
        var failed = proof.of(Set.of(id.partition())).get(id.partition());
        if (failed != null) {
            use.take(new Unavailable(failed));
            return;
        }
        inTurn(() -> look(proof.stores(), id, minSequence, true), use);
    }

    /** Uses what a look gives, and tells whether that is an answer at all. */
    private <E extends Exception> boolean inTurn(Supplier<Optional<Answer>> look, Use<E> use)
            throws InterruptedException, E {
        if (!turns.tryAcquire(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            use.take(new Unavailable(Reason.BUSY));
            return true;
        }
        try {
            var answer = answered(look);
            if (answer.isPresent()) {
                use.take(answer.get());
            }
            return answer.isPresent();
        } finally {
            turns.release();
        }
    }

    private static Optional<Answer> answered(Supplier<Optional<Answer>> look) {
        try {
            return look.get();
        } catch (InvalidStateStoreException e) {
            return Optional.of(new Unavailable(Reason.RESTORING));
        }
    }

    /* Empty where there is no answer without a proof. */
    private static Optional<Answer> look(
            StoreView stores, StreamId id, long minSequence, boolean proven) {
        var erasures = stores.store(ProjectorStores.ERASURES, id.partition());
        var erasure = new Erasures(id.partition(), erasures).find(id);
        return erasure.isPresent()
                ? Optional.of(new Erased(erasure.get().tenant()))
                : lookForContent(stores, id, minSequence, proven);
    }

    private static Optional<Answer> lookForContent(
            StoreView stores, StreamId id, long minSequence, boolean proven) {
        for (int looks = 0; looks < LOOKS_MAX; looks++) {
            byte @Nullable [] result = result(stores, id);
            if (result != null) {
                return Optional.of(new Found(result));
            }
            var progress = progress(stores, id);
            if (progress == null) {
                result = result(stores, id);
                return result == null ? unknown(proven) : Optional.of(new Found(result));
            }
            if (progress.pieces() == 0) {
                /* A fence may be all there is: then nobody has been shown an event of it. */
                return unknown(proven);
            }
            if (!holds(progress, minSequence)) {
                return Optional.of(new Unavailable(Reason.BEHIND));
            }
            if (minSequence == ANY_SEQUENCE && !progress.ended() && !proven) {
                return Optional.empty();
            }
            var assembly = assemble(stores, id, progress);
            if (assembly.isPresent()) {
                return folded(assembly.get(), proven);
            }
        }
        return Optional.of(new Unavailable(Reason.RESTORING));
    }

    private static Optional<Answer> unknown(boolean proven) {
        return proven ? Optional.of(new Unknown()) : Optional.empty();
    }

    private static Optional<Answer> folded(Assembly assembly, boolean proven) {
        var response = assembly.response();
        return response.isEmpty()
                ? unknown(proven)
                : Optional.of(new Found(ResponseCodec.encode(response.get())));
    }

    /* Of a copy the progress may be ahead of the pieces: then this is no moment of the stream. */
    private static Optional<Assembly> assemble(StoreView stores, StreamId id, Progress progress) {
        var pieces = stores.store(ProjectorStores.PIECES, id.partition());
        return OpenStreams.assemble(pieces, id, progress)
                .filter(it -> it.seen() + progress.missing() == progress.next());
    }

    private static @Nullable Progress progress(StoreView stores, StreamId id) {
        return OpenStreams.find(stores.store(ProjectorStores.PROGRESS, id.partition()), id);
    }

    private static byte @Nullable [] result(StoreView stores, StreamId id) {
        return stores.store(ProjectorStores.RESPONSES, id.partition()).get(id.key());
    }
}
