package io.tidemark.ingest.internal;

import io.github.resilience4j.core.IntervalFunction;
import io.tidemark.ingest.Resilience;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which provider a stream is asked of, and what follows when it failed before it said anything: the
 * same one again if the cause may pass, within its attempts and its budget, then the next one. What
 * is the request's own fault is nobody else's to try. Confined to one thread.
 */
final class AttemptPlan {
    private static final double BACKOFF_GROWTH = 2;
    private static final double JITTER = 0.5;

    private static final Map<String, ErrorCode> CODES =
            Arrays.stream(ErrorCode.values())
                    .collect(Collectors.toUnmodifiableMap(ErrorCode::wire, Function.identity()));

    /* Causes that may pass, so that the same provider can be asked again. */
    private static final Set<ErrorCode> PASSING =
            Set.of(
                    ErrorCode.RATE_LIMITED,
                    ErrorCode.PROVIDER_OVERLOADED,
                    ErrorCode.PROVIDER_ERROR,
                    ErrorCode.PROVIDER_TIMEOUT,
                    ErrorCode.CONNECTION_LOST,
                    ErrorCode.IDLE_TIMEOUT);

    /* Causes that lie with the one provider or our account there, and do not pass by themselves. */
    private static final Set<ErrorCode> ITS_OWN =
            Set.of(
                    ErrorCode.AUTHENTICATION_FAILED,
                    ErrorCode.PERMISSION_DENIED,
                    ErrorCode.QUOTA_EXHAUSTED,
                    ErrorCode.NOT_FOUND,
                    ErrorCode.PROTOCOL_ERROR);

    private final Deque<Candidate> candidates;
    private Candidate current;
    private int asked;

    /**
     * @param candidates whom to ask, in order; at least one
     */
    AttemptPlan(List<Candidate> candidates) {
        this.candidates = new ArrayDeque<>(candidates);
        this.current = this.candidates.removeFirst();
        this.current.provider().budget().earn();
    }

    /** Whom to ask now. */
    Candidate current() {
        return current;
    }

    /** Whether anybody could be asked if this attempt fails. */
    boolean moreMayFollow() {
        return !candidates.isEmpty()
                || asked + 1 < current.provider().config().resilience().attemptsMax();
    }

    /** The current one was asked, or would have been if it were not suspended, and failed. */
    NextAttempt after(Failed failed, boolean suspended) {
        asked++;
        var code = codeOf(failed);
        if (PASSING.contains(code) && !suspended) {
            var wait = again(failed);
            if (wait.isPresent()) {
                return new NextAttempt.Again(wait.get());
            }
        }
        if (candidates.isEmpty() || !(PASSING.contains(code) || ITS_OWN.contains(code))) {
            return new NextAttempt.None();
        }
        current = candidates.removeFirst();
        current.provider().budget().earn();
        asked = 0;
        return new NextAttempt.Other(current);
    }

    static ErrorCode codeOf(Failed failed) {
        return CODES.getOrDefault(failed.code(), ErrorCode.INTERNAL_ERROR);
    }

    /** Whether the cause may pass, so that the same provider can be asked again. */
    static boolean passing(Failed failed) {
        return PASSING.contains(codeOf(failed));
    }

    private Optional<Duration> again(Failed failed) {
        return asked >= current.provider().config().resilience().attemptsMax()
                ? Optional.empty()
                : pause(current.provider(), asked, failed);
    }

    /**
     * How long to wait before a provider is asked again; empty if it asks for longer than may be,
     * or its budget is used up.
     *
     * @param asked how often it was asked in vain, at least once
     */
    static Optional<Duration> pause(Provider provider, int asked, Failed failed) {
        var resilience = provider.config().resilience();
        var wait = Duration.ofMillis(backoff(resilience).apply(asked));
        if (failed.retryAfterMs() != null) {
            var askedFor = Duration.ofMillis(failed.retryAfterMs());
            if (askedFor.compareTo(resilience.retryAfterMax()) > 0) {
                return Optional.empty();
            }
            wait = wait.compareTo(askedFor) < 0 ? askedFor : wait;
        }
        return provider.budget().spend() ? Optional.of(wait) : Optional.empty();
    }

    private static IntervalFunction backoff(Resilience resilience) {
        return IntervalFunction.ofExponentialRandomBackoff(
                resilience.backoffInitial(), BACKOFF_GROWTH, JITTER, resilience.backoffMax());
    }
}
