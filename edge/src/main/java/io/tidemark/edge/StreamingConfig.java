package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import java.time.Duration;

/**
 * How events are streamed.
 *
 * @param heartbeat a comment is written after about that long without anything else; shorter than
 *     any proxy's idle timeout on the way
 * @param retry how long a client is told to wait before it reconnects
 * @param retryJitter how much longer at most, when all are sent away at once: a millisecond for
 *     each of them, up to this
 * @param stalledMax a reader that takes no byte of what there is for it for that long is closed;
 *     longer than a client that lives stalls
 * @param ageMax how long a reader stays at most before it is asked to come back, so that readers
 *     spread over the edges that there are; each goes up to a tenth of it earlier
 * @param presence how often it is said of a stream that it has readers here, where that matters
 */
public record StreamingConfig(
        Duration heartbeat,
        Duration retry,
        Duration retryJitter,
        Duration stalledMax,
        Duration ageMax,
        Duration presence)
        implements EdgeConfig.Part {
    private static final int HEARTBEATS_STALLED = 4;
    private static final Duration AGE_MOST = Duration.ofDays(7);
    private static final Duration PRESENCE_MOST = Duration.ofSeconds(10);

    public StreamingConfig {
        requireBetween("heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofHours(1));
        requireBetween("retry", retry, Duration.ZERO, Duration.ofHours(1));
        requireBetween("retryJitter", retryJitter, Duration.ZERO, Duration.ofHours(1));
        requireBetween("stalledMax", stalledMax, Duration.ofMillis(10), Duration.ofHours(1));
        requireBetween("ageMax", ageMax, Duration.ofMillis(10), AGE_MOST);
        requireBetween("presence", presence, Duration.ofMillis(10), PRESENCE_MOST);
    }

    /** Readers may stall for four heartbeats, stay for a week, and are told of every 10 s. */
    public StreamingConfig(Duration heartbeat, Duration retry, Duration retryJitter) {
        this(
                heartbeat,
                retry,
                retryJitter,
                heartbeat.multipliedBy(HEARTBEATS_STALLED),
                AGE_MOST,
                PRESENCE_MOST);
    }

    /** The same with readers told of more often. */
    public StreamingConfig withPresence(Duration other) {
        return new StreamingConfig(heartbeat, retry, retryJitter, stalledMax, ageMax, other);
    }

    /** The same with readers that may stall for another time, and stay for another. */
    public StreamingConfig withPatience(Duration stalled, Duration age) {
        return new StreamingConfig(heartbeat, retry, retryJitter, stalled, age, presence);
    }

    /** A heartbeat after 15 s, reconnection after 1 s, spread over 2 s. */
    public static StreamingConfig defaults() {
        return new StreamingConfig(
                Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
}
