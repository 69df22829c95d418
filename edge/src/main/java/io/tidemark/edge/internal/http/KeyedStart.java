package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.ErasedStreams;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.schemas.StartKey;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether a request with a key has to start its stream. Of a stream that somebody else was to start
 * and did not speak of again, the log of events and commands tells. Thread-safe; blocks.
 */
record KeyedStart(KeyedStarts keys, Readers readers, ErasedStreams erased) {
    private static final Duration LOOK_MAX = Duration.ofSeconds(20);

    /**
     * What there is to do.
     *
     * @param id the stream of the key
     * @param startedBefore whether it is there; otherwise it is to be started
     * @param fresh whether nobody else can have started it
     * @param told whether all edges know that it was started
     */
    record Turn(StreamId id, boolean startedBefore, boolean fresh, boolean told) {}

    /**
     * Finds it out.
     *
     * @param proposed the stream to start if there is none
     * @throws ProblemException if that request is to be refused
     */
    Turn turn(Call call, StartKey key, String fingerprint, StreamId proposed) {
        var turn = decided(call, key, fingerprint, proposed);
        /* It was started, and links to it would lead nowhere. */
        if (erased.isOf(turn.id(), call.caller().tenant())) {
            throw new ProblemException(Problem.erased());
        }
        return turn;
    }

    private Turn decided(Call call, StartKey key, String fingerprint, StreamId proposed) {
        return switch (keys.resolve(key, fingerprint, proposed)) {
            case KeyedStarts.Verdict.Started(var id) -> new Turn(id, true, false, true);
            case KeyedStarts.Verdict.Ours ours -> ours(call, ours);
            case KeyedStarts.Verdict.AnotherBody _ ->
                    throw new ProblemException(Problem.keyOfAnother());
            case KeyedStarts.Verdict.InProgress _ ->
                    throw new ProblemException(Problem.keyInProgress());
            case KeyedStarts.Verdict.Unavailable _ ->
                    throw new ProblemException(Problem.keyUndecided());
        };
    }

    private Turn ours(Call call, KeyedStarts.Verdict.Ours ours) {
        boolean before = !ours.fresh() && isThere(call, ours.id());
        /* Somebody else may be about to start it by now. */
        if (!before && ours.late()) {
            throw new ProblemException(Problem.keyUndecided());
        }
        return new Turn(ours.id(), before, ours.fresh(), false);
    }

    private boolean isThere(Call call, StreamId id) {
        var told = new CompletableFuture<Observer.Finding>();
        call.onLoop(() -> new Observer(false, told::complete).start(readers, call, id));
        try {
            return switch (told.get(LOOK_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                case Observer.Finding.Unknown _ -> false;
                case Observer.Finding.Accepted _,
                        Observer.Finding.Erased _,
                        Observer.Finding.Open _,
                        Observer.Finding.Ended _ ->
                        true;
                case Observer.Finding.Unavailable _ ->
                        throw new ProblemException(Problem.keyUndecided());
            };
        } catch (TimeoutException | ExecutionException e) {
            throw new ProblemException(Problem.keyUndecided());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.draining());
        }
    }

    /** Tells all edges that the stream of a key was started. */
    void started(StartKey key, StreamId id) {
        keys.started(key, id);
    }
}
