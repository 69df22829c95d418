package io.tidemark.devkit;

import java.time.Duration;

/**
 * How fast a simulated model speaks. Immutable.
 *
 * @param timeToFirstToken from the request to the first token; zero or more
 * @param timePerToken between one token and the next; zero for as fast as the socket takes them
 */
public record Pacing(Duration timeToFirstToken, Duration timePerToken) {

    /** No waiting at all. */
    public static final Pacing NONE = new Pacing(Duration.ZERO, Duration.ZERO);

    /** What a person sees from a quick model: 300 ms, then 30 tokens a second. */
    public static final Pacing HUMAN = new Pacing(Duration.ofMillis(300), Duration.ofMillis(33));

    /** Checks that neither is negative. */
    public Pacing {
        requireNotNegative(timeToFirstToken, "timeToFirstToken");
        requireNotNegative(timePerToken, "timePerToken");
    }

    private static void requireNotNegative(Duration duration, String name) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, found " + duration);
        }
    }
}
