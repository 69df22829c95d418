package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.StreamEnding.Terminal;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.StreamSeal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One stream on one worker, from its start command to its done record, on a virtual thread of its
 * own.
 *
 * <pre>
 *   fresh ------------------- started --+
 *   inherited without content - status -+--&gt; attempts --terminal--&gt; told --done record--&gt; finished
 *   inherited, provider goes on by itself ---&gt; reader --terminal--^
 *   inherited, cancelled or with content ----------- terminal ---^
 *   inherited, its start has expired --------------- terminal ---^
 *   inherited, ended --------------------------------------------^
 *
 *   any step, log refused or bug: fence, read back, terminal from what the log holds, told
 *   any step, abandoned, or stopped while the provider goes on by itself: nothing more is written
 * </pre>
 *
 * <p>The terminal is in the log before the done record is sent, and the owner is told when that is
 * in the log too. {@link #cancel}, {@link #desert}, {@link #abort}, {@link #abandon} and {@link
 * #open} may be called from any thread.
 */
final class StreamRun implements Runnable {
    /**
     * Who is told how a run went, once and on the stream's thread; never of an abandoned stream.
     */
    interface Owner {
        /** Its done record is in the log. */
        void finished(StreamRun run);

        /** It stopped without: the stream has no end that we could vouch for. */
        void failed(StreamRun run);
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamRun.class);

    private final @Nullable Inherited inherited;
    private final StreamServices services;
    private final Owner owner;
    private final Insistence insistence;
    private final StreamEnding ending;
    private final EventWriter writer;
    private final UnbrokenLog log;
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final CurrentPump current = new CurrentPump();
    /* Written by the stream's thread, when what is sealed of it was opened. */
    private volatile Command.Start start;
    /* Until it is opened, by the stream's thread; null if nothing of it is sealed. */
    private Command.@Nullable Start sealed;
    /* Until the provider is called, by the stream's thread; null if nobody can tell what it was. */
    private @Nullable Asked request;
    /* Why its end was asked for, if it was; set by whoever asks. */
    private volatile @Nullable StopReason cancelled;

    /**
     * A stream that is not running yet.
     *
     * @param epoch under which we own its partition
     * @param inherited what the log holds of it, if it was taken over
     */
    StreamRun(
            Command.Start start,
            long epoch,
            @Nullable Inherited inherited,
            StreamServices services,
            Owner owner) {
        this(start, Asked.of(start), epoch, inherited, services, owner);
    }

    private StreamRun(
            Command.Start start,
            @Nullable Asked request,
            long epoch,
            @Nullable Inherited inherited,
            StreamServices services,
            Owner owner) {
        this.start = services.resolved(start.withoutRequest());
        this.sealed = start.sealed() == null ? null : start;
        this.request = request;
        this.inherited = inherited;
        this.services = services;
        this.owner = owner;
        this.insistence = new Insistence(services.retry(), abandoned);
        this.ending = new StreamEnding(this.start, services, insistence);
        this.writer =
                new EventWriter(
                        services.log(),
                        start,
                        services.providerTag(start),
                        inherited == null ? Attempt.first(epoch) : inherited.attempt(),
                        inherited == null ? 0 : inherited.next(),
                        this::mendSoon);
        this.log =
                new UnbrokenLog(
                        services::rejoin, writer, insistence, services.log().metrics()::mended);
    }

    /**
     * A stream that was taken over and whose start has expired: it can only be ended.
     *
     * @param epoch under which we own its partition
     * @param inherited what the log holds of it
     */
    static StreamRun withoutStart(
            StreamId id, long epoch, Inherited inherited, StreamServices services, Owner owner) {
        return new StreamRun(ExpiredStart.of(id), null, epoch, inherited, services, owner);
    }

    StreamId id() {
        return start.requestId();
    }

    /** Somebody asked for the end; harmless at any time and any number of times. */
    void cancel() {
        cancelled = StopReason.CANCELLED;
        stop(StopReason.CANCELLED);
    }

    /** Whether somebody asked for the end. */
    boolean isCancelled() {
        return cancelled == StopReason.CANCELLED;
    }

    /** Nobody has read it for as long as its request allows; it is cancelled. */
    void desert() {
        if (cancelled == null) {
            cancelled = StopReason.DESERTED;
        }
        stop(StopReason.DESERTED);
    }

    /** We have to let go of it; it is ended as aborted, or left to its next owner to resume. */
    void abort() {
        stop(StopReason.ABORTED);
    }

    /** It is not ours any more: from now on nothing is written. */
    void abandon() {
        abandoned.countDown();
        stop(StopReason.ABANDONED);
    }

    private void stop(StopReason reason) {
        current.stop(reason);
    }

    /* What is written next mends it too; but the provider may be silent for long. */
    private void mendSoon() {
        services.log().metrics().broken();
        current.errand(() -> log.mend());
    }

    /** How far it has come, for the lease. */
    OpenStream open() {
        return new OpenStream(
                id(),
                writer.attempt().max(ending.fenced()),
                writer.nextSequence(),
                writer.acknowledged().offset());
    }

    /** Waits until its thread is done with it, one way or the other. */
    boolean awaitOver(Duration longest) throws InterruptedException {
        return over.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        var metrics = services.log().metrics();
        metrics.opened(services.providerTag(start));
        try {
            var told = tell();
            if (told.isPresent() && ending.confirm(told.get())) {
                owner.finished(this);
            }
        } catch (OutrankedException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", id())
                    .addKeyValue("error", e.getMessage())
                    .log("stream left to whoever claimed its partition");
            if (!isAbandoned()) {
                owner.failed(this);
            }
        } catch (RuntimeException | Error e) {
            failed(e, "stream left without an end, the next owner takes it over");
            if (!isAbandoned()) {
                owner.failed(this);
            }
        } finally {
            metrics.closed();
            over.countDown();
        }
    }

    /** Brings the stream to its end, by the direct way or by way of the log; empty if abandoned. */
    private Optional<Told> tell() {
        if (isAbandoned()) {
            return Optional.empty();
        }
        try {
            if (!unsealed()) {
                return Optional.empty();
            }
            return inherited == null ? fresh() : resume(inherited);
        } catch (LogFailedException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", id())
                    .addKeyValue("error", e.getMessage())
                    .log("log broken, stream ended from what it holds");
            return fromLog(e.tooLarge() ? StreamRun::tooLarge : this::stopped);
        } catch (EventTooLargeException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", id())
                    .addKeyValue("actualBytes", e.actualBytes())
                    .addKeyValue("limitBytes", e.limitBytes())
                    .log("event too large, stream ended");
            return fromLog(StreamRun::tooLarge);
        } catch (RuntimeException e) {
            failed(e, "stream ended by a bug");
            return fromLog(StreamRun::bug);
        }
    }

    /* False if the stream was abandoned before Kafka said what its key is. */
    private boolean unsealed() {
        var closed = sealed;
        boolean inLog = inherited != null && inherited.sealed();
        if (closed == null && !inLog) {
            return true;
        }
        return insistence
                .untilTaken(() -> services.keys().seal(id()))
                .map(seal -> {
                    unseal(closed, seal);
                    return true;
                })
                .orElse(false);
    }

    private void unseal(Command.@Nullable Start closed, StreamSeal seal) {
        if (closed != null) {
            var unsealed = services.keys().open(closed);
            request = unsealed.whole() ? Asked.of(unsealed.start()) : null;
            start = services.resolved(unsealed.start().withoutRequest());
            sealed = null;
        }
        writer.sealWith(seal);
        ending.unsealed(start, seal);
    }

    private Optional<Told> fresh() {
        log.write(Draft.of(StreamEnding.started(start, writer.attempt())));
        return request == null ? endUnasked() : call(1);
    }

    /* Its key was deleted, or is not ours to open: nobody can tell what it asks for. */
    private Optional<Told> endUnasked() {
        log.write(Draft.of(stopped(false)));
        return told();
    }

    private Optional<Told> resume(Inherited held) {
        var metrics = services.log().metrics();
        if (held.ended()) {
            metrics.takenOver("confirmed");
            return Optional.of(new Told(held.attempt(), held.next() - 1));
        }
        if (request == null) {
            metrics.takenOver(cancelled != null ? "cancelled" : "expired");
            return Optional.of(ending.end(held, this::stopped));
        }
        var response = reader(held);
        if (cancelled != null) {
            response.ifPresent(ResumableNormaliser::cancelAtProvider);
        } else if (response.isPresent()) {
            boolean ended = read(response.get());
            if (response.get().joined()) {
                return ended ? told() : notTold();
            }
            if (!ended) {
                return notTold();
            }
        }
        if (cancelled != null || held.content().contentSeen()) {
            metrics.takenOver(cancelled != null ? "cancelled" : "aborted");
            return Optional.of(ending.end(held, this::stopped));
        }
        metrics.takenOver("retried");
        return retry(held);
    }

    private Optional<Told> retry(Inherited held) {
        if (held.next() == 0) {
            log.write(Draft.of(StreamEnding.started(start, held.attempt())));
            return call(held.attempt().number());
        }
        int next = Math.max(held.attempt().number(), held.content().attempts() + 1);
        log.write(
                Draft.of(
                        new Status(
                                Status.RETRYING,
                                null,
                                null,
                                null,
                                next,
                                null,
                                start.provider(),
                                null,
                                null)));
        return call(next);
    }

    /* Of a response that goes on whoever reads it; empty if the log names none. */
    private Optional<ResumableNormaliser> reader(Inherited held) {
        var story = held.content().story();
        var asked = requireNonNull(request, "request");
        return services.candidates(start, asked.neutral()).stream()
                .filter(candidate -> candidate.name().equals(story.provider()))
                .findFirst()
                .flatMap(candidate -> reader(held.content(), candidate, asked));
    }

    private Optional<ResumableNormaliser> reader(
            OpenContent held, Candidate candidate, Asked asked) {
        if (!(asked.preparation(candidate) instanceof Prepared prepared)) {
            return Optional.empty();
        }
        var surroundings = services.surroundings();
        return Background.of(candidate, prepared)
                .filter(background -> held.story().namedFor(background.resumption()))
                .map(background ->
                        ResumableNormaliser.behind(
                                held,
                                candidate.normaliser(prepared, surroundings.limits()),
                                background,
                                surroundings.metrics()));
    }

    private boolean read(ResumableNormaliser response) {
        var surroundings = services.surroundings();
        current.goesOn(response);
        return new BackgroundReader(
                        surroundings,
                        id(),
                        response,
                        current,
                        this::goOn,
                        surroundings.nanos().getAsLong())
                .read();
    }

    /* What is written cannot be asked for again: the request is of no more use. */
    private void goOn(Draft draft) {
        request = null;
        log.write(draft);
    }

    private Optional<Told> call(int firstAttempt) {
        var attempts = attempts(firstAttempt);
        if (attempts.isEmpty()) {
            return refuse(
                    "Provider %s does not offer %s.".formatted(start.provider(), start.api()));
        }
        return attempts.get().run() ? told() : notTold();
    }

    /*
     * Hands the request on and lets go of it: it holds the prompt, and the stream may last for
     * hours. Empty if there is nobody to ask.
     */
    private Optional<UpstreamAttempts> attempts(int firstAttempt) {
        var asked = requireNonNull(request, "request");
        request = null;
        var candidates = services.candidates(start, asked.neutral());
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new UpstreamAttempts(
                                services.surroundings(),
                                id(),
                                candidates,
                                asked,
                                firstAttempt,
                                current,
                                log::write));
    }

    /* A worker that stops ends its streams itself, but for those that the next owner can go on with. */
    private Optional<Told> notTold() {
        if (current.stopped().filter(StopReason.ABORTED::equals).isPresent()) {
            abandoned.countDown();
        }
        return isAbandoned() ? Optional.empty() : fromLog(this::stopped);
    }

    private Optional<Told> refuse(String message) {
        log.write(Draft.of(Failed.of(ErrorCode.INVALID_REQUEST, message, false)));
        return told();
    }

    private Optional<Told> told() {
        return log.awaitEnd()
                ? Optional.of(new Told(writer.attempt(), writer.nextSequence() - 1))
                : Optional.empty();
    }

    /* Only behind our own fence is it certain that nobody else goes on with the response. */
    private Optional<Told> fromLog(Terminal terminal) {
        var told = ending.fromLog(writer, terminal);
        told.ifPresent(_ -> current.cancelAtProvider());
        return told;
    }

    private boolean isAbandoned() {
        return abandoned.getCount() == 0;
    }

    /* Whatever else went wrong meanwhile: who asked for the end gets it. */
    private LifecycleBody stopped(boolean partial) {
        var why = cancelled;
        return why == null ? UpstreamPump.aborted(partial) : UpstreamPump.cancelled(why);
    }

    private static LifecycleBody tooLarge(boolean partial) {
        return Failed.of(
                ErrorCode.PROTOCOL_ERROR,
                "The provider sent more in one piece than can be kept.",
                partial);
    }

    private static LifecycleBody bug(boolean partial) {
        return Failed.of(ErrorCode.INTERNAL_ERROR, "Something went wrong on our side.", partial);
    }

    private void failed(Throwable e, String message) {
        LOGGER.atError()
                .addKeyValue("streamId", id())
                .addKeyValue("error", e.getClass().getName())
                .setCause(Redacted.of(e))
                .log(message);
    }
}
