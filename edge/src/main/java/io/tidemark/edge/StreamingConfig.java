package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import java.time.Duration;

/**
 * How events are streamed.
 *
 * @param heartbeat a comment is written after about that long without anything else; shorter than
 *     any proxy's idle timeout on the way
 * @param retry how long a client is told to wait before it reconnects
 * @param retryJitter how much longer at most, when all are sent away at once
 * @param presence how often it is said of a stream that it has readers here, where that matters
 */
public record StreamingConfig(
        Duration heartbeat, Duration retry, Duration retryJitter, Duration presence)
        implements EdgeConfig.Part {
    private static final Duration PRESENCE_MOST = Duration.ofSeconds(10);

    public StreamingConfig {
        requireBetween("heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofHours(1));
        requireBetween("retry", retry, Duration.ZERO, Duration.ofHours(1));
        requireBetween("retryJitter", retryJitter, Duration.ZERO, Duration.ofHours(1));
        requireBetween("presence", presence, Duration.ofMillis(10), PRESENCE_MOST);
    }

    /** The same with readers told of every 10 s. */
    public StreamingConfig(Duration heartbeat, Duration retry, Duration retryJitter) {
        this(heartbeat, retry, retryJitter, PRESENCE_MOST);
    }

    /** A heartbeat after 15 s, reconnection after 1 s, spread over 2 s. */
    public static StreamingConfig defaults() {
        return new StreamingConfig(
                Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
}
