package io.tidemark.edge.internal.live;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a reader is told beside the events: how soon to come back, and that the connection is alive.
 * Thread-safe if the source of randomness is.
 */
public final class Manners {
    /** A comment, written when nothing else was for a while. */
    public static final Frame HEARTBEAT = Frame.control(": heartbeat\n\n");

    /** How many come back a second when all are sent away at once; see {@link #farewell(int)}. */
    private static final int RETURNS_PER_SECOND = 1_000;

    private final Frame opening;
    private final long retryMs;
    private final long jitterMs;
    private final long ageMaxMs;
    private final RandomGenerator random;

    /**
     * The manners of one edge.
     *
     * @param retry how long a client waits before it reconnects
     * @param jitter how much longer at most when all are sent away at once
     * @param ageMax how long a reader stays at most before it is asked to come back
     */
    public Manners(Duration retry, Duration jitter, Duration ageMax, RandomGenerator random) {
        this.retryMs = retry.toMillis();
        this.jitterMs = jitter.toMillis();
        this.ageMaxMs = ageMax.toMillis();
        this.random = random;
        this.opening = Frame.control(": tidemark\nretry: " + retryMs + "\n\n");
    }

    /** First on every response, so that headers and proxies are flushed before the first event. */
    Frame opening() {
        return opening;
    }

    /** Last on a response that ends before its stream does. */
    Frame farewell() {
        return farewellWithin(jitterMs);
    }

    /**
     * The same for one of many that leave at once. They come back over a time that their number
     * asks for, and no longer: who is alone is back as soon as may be.
     */
    Frame farewell(int leaving) {
        return farewellWithin(Math.min(jitterMs, leaving * 1_000L / RETURNS_PER_SECOND));
    }

    private Frame farewellWithin(long spreadMs) {
        return Frame.control("retry: " + (retryMs + random.nextLong(spreadMs + 1)) + "\n\n");
    }

    /** Last on a response of a reader that has been here for long, when there is no hurry. */
    Frame seeYouSoon() {
        return Frame.control("retry: " + retryMs + "\n\n");
    }

    /** How long one reader may stay; a little different for each, since many come at once. */
    long lifetimeMs() {
        return ageMaxMs - random.nextLong(ageMaxMs / 10 + 1);
    }
}
