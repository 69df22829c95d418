package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The attempts of one stream at its providers, one after the other, up to the terminal event.
 *
 * <pre>
 *   asking --content--&gt; saying --terminal--&gt; ended
 *     | ^
 *     | +-- time, or another provider -- waiting --cancel, abort--&gt; ended
 *     |                                     ^
 *     +--failed, nothing said--&gt; planning --+--nothing follows--&gt; ended
 * </pre>
 *
 * <p>A failure before content is held back until it is known that no other attempt follows; the
 * next attempt is announced by {@code stream.status} with {@code retrying}. A response that its
 * provider goes on with by itself is read on instead, where its connection was lost, by a {@link
 * BackgroundReader}. Confined to the stream's thread.
 */
final class UpstreamAttempts {
    private final UpstreamPump.Surroundings surroundings;
    private final StreamId id;
    private final AttemptPlan plan;
    private final Consumer<Draft> writer;
    private final long begin;
    private final CurrentPump current;

    /* It holds the prompt, and the stream may last for hours: let go of as soon as can be. */
    private @Nullable Asked request;
    private int number;

    /**
     * @param candidates whom to ask, in order; at least one
     * @param request what the caller asks for
     * @param number number of the first attempt, from 1
     * @param current where the end is decided from any thread
     */
    UpstreamAttempts(
            UpstreamPump.Surroundings surroundings,
            StreamId id,
            List<Candidate> candidates,
            Asked request,
            int number,
            CurrentPump current,
            Consumer<Draft> writer) {
        this.surroundings = surroundings;
        this.id = id;
        this.plan = new AttemptPlan(candidates);
        this.request = request;
        this.number = number;
        this.current = current;
        this.writer = writer;
        this.begin = surroundings.nanos().getAsLong();
    }

    /**
     * Runs to the end.
     *
     * @return whether the terminal was handed to the writer; if not, the stream was abandoned, or
     *     is left to its next owner
     */
    boolean run() {
        while (!stopped()) {
            var attempt = new Attempt(plan.current());
            if (!attempt.run()) {
                return false;
            }
            var failure = attempt.heldBack;
            if (failure == null) {
                return true;
            }
            /* Whoever decided the end goes before a failure that nobody has seen. */
            if (stopped() || !goesOn(failure, plan.after(failure, attempt.suspended))) {
                break;
            }
        }
        return !abandoned();
    }

    /* Whether the end was decided elsewhere; it is written, if it may be. */
    private boolean stopped() {
        var reason = current.stopped();
        reason.ifPresent(this::end);
        return reason.isPresent();
    }

    /* Whether another attempt is to be made; if not, the terminal was written or must not be. */
    private boolean goesOn(Failed failure, NextAttempt next) {
        return switch (next) {
            case NextAttempt.None() -> {
                writer.accept(Draft.of(failure));
                yield false;
            }
            case NextAttempt.Again(var pause) -> {
                if (pause.compareTo(left()) >= 0) {
                    writer.accept(Draft.of(failure));
                    yield false;
                }
                announce(failure, null);
                yield waited(pause);
            }
            case NextAttempt.Other(var candidate) -> {
                announce(failure, candidate);
                yield true;
            }
        };
    }

    private void announce(Failed failure, @Nullable Candidate other) {
        number++;
        surroundings.metrics().retried(plan.current().name(), failure.code(), other != null);
        writer.accept(
                Draft.of(
                        new Status(
                                Status.RETRYING,
                                null,
                                other == null ? null : other.model(),
                                null,
                                number,
                                failure.code(),
                                other == null ? null : other.name(),
                                failure.providerRequestId(),
                                null)));
    }

    /* Whether the time passed without anybody deciding the end. */
    private boolean waited(Duration pause) {
        var reason = current.rest(pause, surroundings.nanos());
        reason.ifPresent(this::end);
        return reason.isEmpty();
    }

    private void end(StopReason reason) {
        switch (reason) {
            case DESERTED, CANCELLED -> writer.accept(Draft.of(UpstreamPump.cancelled(reason)));
            case ABORTED -> writer.accept(Draft.of(UpstreamPump.aborted(false)));
            case ABANDONED -> {} // nothing may be written
        }
    }

    private boolean abandoned() {
        return current.stopped().filter(StopReason.ABANDONED::equals).isPresent();
    }

    private Duration left() {
        var total = plan.current().provider().config().timeouts().total();
        return total.minusNanos(surroundings.nanos().getAsLong() - begin);
    }

    /** One call of a provider: passes on what comes of it, but for a failure before content. */
    private final class Attempt implements Consumer<Draft> {
        private final Candidate candidate;
        private @Nullable Failed heldBack;
        private ProviderHealth.@Nullable Call call;
        private @Nullable UpstreamPump pump;
        private @Nullable ResumableNormaliser response;
        private boolean suspended;
        private boolean contentSent;

        Attempt(Candidate candidate) {
            this.candidate = candidate;
        }

        /** Whether it came to an end, one that was written or one that is held back. */
        boolean run() {
            var health = candidate.provider().health();
            if (!health.admits()) {
                suspended = true;
                heldBack = ProviderHealth.suspended(health.suspended());
                return true;
            }
            var judged = health.new Call();
            call = judged;
            try {
                heldBack = prepare();
                return heldBack != null || runPump();
            } finally {
                judged.unjudged();
            }
        }

        private boolean runPump() {
            boolean ended = requireNonNull(pump, "pump").run();
            var goesOn = response;
            if (!ended || goesOn == null) {
                return ended;
            }
            goesOn.interruption().ifPresent(lost -> judged().failed(AttemptPlan.codeOf(lost)));
            return new BackgroundReader(surroundings, id, goesOn, current, this, begin).readOn();
        }

        /*
         * Makes the pump; a failure if the request cannot be made. The request is let go of where
         * nobody else could be asked: no frame that waits for the pump may know it.
         */
        private @Nullable Failed prepare() {
            var asked = requireNonNull(request, "request");
            if (!plan.moreMayFollow()) {
                request = null;
            }
            return switch (asked.preparation(candidate)) {
                case Refused(var field, var message) ->
                        Failed.of(ErrorCode.INVALID_REQUEST, field + " " + message, false);
                case Prepared prepared -> {
                    pump = current.renew(box -> pump(prepared, box));
                    yield null;
                }
            };
        }

        private UpstreamPump pump(Prepared prepared, Mailbox box) {
            return new UpstreamPump(
                    surroundings,
                    id,
                    candidate.provider(),
                    candidate.api().keyHeader(),
                    prepared,
                    resumable(prepared, candidate.normaliser(prepared, surroundings.limits())),
                    box,
                    this,
                    begin);
        }

        /* Of a response that the provider goes on with by itself, the normaliser outlives the pump. */
        private Normaliser resumable(Prepared prepared, Normaliser normaliser) {
            response =
                    Background.of(candidate, prepared)
                            .map(background ->
                                    ResumableNormaliser.fresh(
                                            normaliser, background, surroundings.metrics()))
                            .orElse(null);
            current.goesOn(response);
            return response == null ? normaliser : response;
        }

        @Override
        public void accept(Draft draft) {
            if (draft.body() instanceof Failed failed && !contentSent) {
                judged().failed(AttemptPlan.codeOf(failed));
                heldBack = failed;
                return;
            }
            boolean completed =
                    draft.body() instanceof Completed end && end.outcome() != Outcome.CANCELLED;
            if (draft.content() || completed) {
                contentSent = true;
                request = null;
                judged().answered();
            }
            writer.accept(draft);
        }

        private ProviderHealth.Call judged() {
            return requireNonNull(call, "call");
        }
    }
}
