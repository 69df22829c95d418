package io.tidemark.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What is done when a provider fails before it has said anything. Immutable.
 *
 * @param attemptsMax most times one provider is asked for one stream; 1 asks once
 * @param backoffInitial how long to wait before the second attempt, on average; doubles with each
 *     further one, with jitter of half of it either way
 * @param backoffMax longest such wait
 * @param retryAfterMax longest wait that a provider may ask for; one that asks for more is not
 *     waited for
 * @param resumesMax most requests in a row to read on a response that the provider goes on with by
 *     itself, which bring nothing; 0 reads none on
 * @param retriesPerCall how many retries a call earns, as a fraction: what the retries of all
 *     streams together, and what reads on, may add to the load of a provider that fails
 * @param breaker when a provider that fails is left alone
 */
public record Resilience(
        int attemptsMax,
        Duration backoffInitial,
        Duration backoffMax,
        Duration retryAfterMax,
        int resumesMax,
        double retriesPerCall,
        Breaker breaker) {
    /** Requests in a row to read a response on, unless configured. */
    public static final int RESUMES_DEFAULT = 5;

    public Resilience {
        Settings.requireRange("attemptsMax", attemptsMax, 1, 10);
        Settings.requirePositive("backoffInitial", backoffInitial);
        Settings.requirePositive("backoffMax", backoffMax);
        if (backoffMax.compareTo(backoffInitial) < 0) {
            throw new IllegalArgumentException(
                    "backoffMax must be at least backoffInitial, was " + backoffMax);
        }
        Settings.requireNotNegative("retryAfterMax", retryAfterMax);
        Settings.requireRange("resumesMax", resumesMax, 0, 100);
        if (!(retriesPerCall >= 0 && retriesPerCall <= 1)) {
            throw new IllegalArgumentException(
                    "retriesPerCall must be 0 to 1, was " + retriesPerCall);
        }
        requireNonNull(breaker, "breaker");
    }

    /** Three attempts, a quarter of a second, twice that, half a minute at most if asked for. */
    public static Resilience defaults() {
        return new Resilience(
                3,
                Duration.ofMillis(250),
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                RESUMES_DEFAULT,
                0.2,
                Breaker.defaults());
    }

    /** The same with another number of attempts. */
    public Resilience withAttemptsMax(int newAttemptsMax) {
        return new Resilience(
                newAttemptsMax,
                backoffInitial,
                backoffMax,
                retryAfterMax,
                resumesMax,
                retriesPerCall,
                breaker);
    }

    /** The same with another number of requests to read a response on. */
    public Resilience withResumesMax(int newResumesMax) {
        return new Resilience(
                attemptsMax,
                backoffInitial,
                backoffMax,
                retryAfterMax,
                newResumesMax,
                retriesPerCall,
                breaker);
    }

    /**
     * When calls to a provider are suspended. What counts as failed is what speaks of the
     * provider's health: not reached, overloaded, in error, silent; what it refuses for the
     * request's sake does not.
     *
     * @param calls over how many of the last calls the rate is taken
     * @param failureRate share of failed ones that suspends calls, in percent
     * @param open how long calls are suspended before some are let through again
     */
    public record Breaker(int calls, int failureRate, Duration open) {
        public Breaker {
            Settings.requireRange("calls", calls, 2, 10_000);
            Settings.requireRange("failureRate", failureRate, 1, 100);
            Settings.requirePositive("open", open);
        }

        /** Half of the last twenty calls, for ten seconds. */
        public static Breaker defaults() {
            return new Breaker(20, 50, Duration.ofSeconds(10));
        }
    }
}
