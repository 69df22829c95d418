package io.tidemark.ingest;

import java.time.Duration;

/**
 * How long a provider may be silent. Whichever ends first closes the connection and ends the
 * stream. Immutable; all must be positive.
 *
 * @param connect longest wait for a connection, TLS included
 * @param firstByte longest wait from the request to the first byte of the body; ends with {@code
 *     provider_timeout}
 * @param idle longest gap between two reads of the body, comments included; ends with {@code
 *     idle_timeout}
 * @param total longest life of a stream from when the worker took it, waiting for a free connection
 *     included; ends with {@code deadline_exceeded}
 */
public record UpstreamTimeouts(
        Duration connect, Duration firstByte, Duration idle, Duration total) {
    public UpstreamTimeouts {
        Settings.requirePositive("connect", connect);
        Settings.requirePositive("firstByte", firstByte);
        Settings.requirePositive("idle", idle);
        Settings.requirePositive("total", total);
    }

    /** Ten seconds to connect, two minutes of silence, half an hour in all. */
    public static UpstreamTimeouts defaults() {
        return new UpstreamTimeouts(
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                Duration.ofMinutes(30));
    }
}
