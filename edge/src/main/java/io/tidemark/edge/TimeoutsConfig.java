package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param request from a request's first byte to the end of its headers
 * @param body from there to the end of its body
 * @param keepAlive how long a connection may idle between requests
 * @param acknowledge how long a command may wait to be sent to the log, and from there on to be
 *     acknowledged: a request may take twice that
 * @param projector how long the projector may take to answer
 * @param drain how long readers may take to leave when the edge stops, and how long other requests
 *     may take to be answered after that
 */
public record TimeoutsConfig(
        Duration request,
        Duration body,
        Duration keepAlive,
        Duration acknowledge,
        Duration projector,
        Duration drain)
        implements EdgeConfig.Part {
    public TimeoutsConfig {
        var longest = Duration.ofHours(1);
        requireBetween("request", request, Duration.ofMillis(10), longest);
        requireBetween("body", body, Duration.ofMillis(10), longest);
        requireBetween("keepAlive", keepAlive, Duration.ofMillis(10), longest);
        requireBetween("acknowledge", acknowledge, Duration.ofMillis(100), longest);
        requireBetween("projector", projector, Duration.ofMillis(10), longest);
        requireBetween("drain", drain, Duration.ZERO, longest);
    }

    /** 10 s for a request's headers, 30 s for its body, 60 s between requests. */
    public static TimeoutsConfig defaults() {
        return new TimeoutsConfig(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }
}
