package io.tidemark.ingest.internal;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.tidemark.ingest.Resilience;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is known of a provider's health from its last calls: a circuit breaker that suspends calls
 * when too many of them failed. Thread-safe.
 *
 * <p>A call is judged once: well when content came or when it was refused for its own sake, badly
 * when the provider was not reached, in error, overloaded or silent. One that ends otherwise, by a
 * cancel for instance, is not judged.
 */
final class ProviderHealth {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProviderHealth.class);

    private static final Set<ErrorCode> BAD =
            Set.of(
                    ErrorCode.PROVIDER_ERROR,
                    ErrorCode.PROVIDER_OVERLOADED,
                    ErrorCode.PROVIDER_TIMEOUT,
                    ErrorCode.CONNECTION_LOST,
                    ErrorCode.IDLE_TIMEOUT);
    private static final Set<ErrorCode> UNJUDGED =
            Set.of(ErrorCode.ABORTED, ErrorCode.INTERNAL_ERROR, ErrorCode.DEADLINE_EXCEEDED);

    private final CircuitBreaker breaker;
    private final InstantSource clock;
    private final Duration open;
    /* Epoch milliseconds; written by whichever thread sees the breaker open. */
    private volatile long reopensAt;

    ProviderHealth(String provider, Resilience.Breaker config, InstantSource clock) {
        this.clock = clock;
        this.open = config.open();
        this.breaker =
                CircuitBreaker.of(
                        provider,
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(config.calls())
                                .minimumNumberOfCalls(Math.max(2, config.calls() / 2))
                                .failureRateThreshold(config.failureRate())
                                .waitDurationInOpenState(config.open())
                                .maxWaitDurationInHalfOpenState(config.open())
                                .permittedNumberOfCallsInHalfOpenState(2)
                                .clock(clock.withZone(ZoneOffset.UTC))
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> {
                    reopensAt = clock.millis() + open.toMillis();
                    LOGGER.atWarn()
                            .addKeyValue("providerName", provider)
                            .addKeyValue("state", event.getStateTransition().getToState())
                            .log("calls to provider change state");
                });
    }

    /** Asks to make a call; a verdict, or {@link Call#unjudged}, has to follow if it is granted. */
    boolean admits() {
        return breaker.tryAcquirePermission();
    }

    /** How long calls are still suspended, about. */
    Duration suspended() {
        var left = Duration.between(clock.instant(), Instant.ofEpochMilli(reopensAt));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether calls are suspended now. */
    boolean isSuspended() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /** The failure of a stream that is not called for. */
    static Failed suspended(Duration left) {
        return new Failed(
                ErrorCode.PROVIDER_OVERLOADED.wire(),
                "Calls to the provider are suspended, because too many have failed.",
                ErrorCode.PROVIDER_OVERLOADED.retryable(),
                left.toMillis(),
                false,
                null,
                null,
                null,
                null);
    }

    /** A granted call, to be judged once; confined to the stream's thread. */
    final class Call {
        private final long beganAt = clock.millis();
        private boolean judged;

        /** Content came. */
        void answered() {
            if (judge()) {
                breaker.onSuccess(took(), TimeUnit.MILLISECONDS);
            }
        }

        /** It failed with that code. */
        void failed(ErrorCode code) {
            if (UNJUDGED.contains(code)) {
                unjudged();
            } else if (!BAD.contains(code)) {
                answered();
            } else if (judge()) {
                breaker.onError(took(), TimeUnit.MILLISECONDS, new ProviderFailed(code));
            }
        }

        /** It ended in a way that says nothing of the provider. */
        void unjudged() {
            if (judge()) {
                breaker.releasePermission();
            }
        }

        private boolean judge() {
            boolean first = !judged;
            judged = true;
            return first;
        }

        private long took() {
            return Math.max(0, clock.millis() - beganAt);
        }
    }

    /* What the breaker wants to be told; never thrown. */
    private static final class ProviderFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ProviderFailed(ErrorCode code) {
            super(code.wire(), null, false, false);
        }
    }
}
