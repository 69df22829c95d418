package io.tidemark.ingest.internal;

import io.tidemark.ingest.UpstreamTimeouts;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;

import java.time.Duration;
import java.util.Optional;

/**
 * Knows how long a provider may still be silent. Reads no clock: times are those of {@link
 * System#nanoTime}, given by the caller. Confined to the stream's thread.
 *
 * <pre>
 *   waiting --called--&gt; called --bytes--&gt; streaming --asked, bytes--&gt; streaming
 *   total only          first byte, total   idle, total
 * </pre>
 */
final class Watchdog {
    private enum Phase {
        WAITING,
        CALLED,
        STREAMING
    }

    private final UpstreamTimeouts timeouts;
    private final long begin;
    private Phase phase = Phase.WAITING;
    private long since;

    Watchdog(UpstreamTimeouts timeouts, long now) {
        this.timeouts = timeouts;
        this.begin = now;
        this.since = now;
    }

    /** The request was sent. */
    void called(long now) {
        phase = Phase.CALLED;
        since = now;
    }

    /**
     * Some of the body came.
     *
     * @return how long the provider took, if these were the first
     */
    Optional<Duration> bytes(long now) {
        var first =
                phase == Phase.CALLED
                        ? Optional.of(Duration.ofNanos(now - since))
                        : Optional.<Duration>empty();
        phase = Phase.STREAMING;
        since = now;
        return first;
    }

    /**
     * The provider was asked for more: what it was silent before, while we were busy with what it
     * had sent, is no fault of its own.
     */
    void asked(long now) {
        since = now;
    }

    /** Time until something expires; zero or less when it has. */
    Duration left(long now) {
        long total = timeouts.total().toNanos() - (now - begin);
        long silent = silence().toNanos() - (now - since);
        return Duration.ofNanos(Math.min(total, silent));
    }

    /** The failure that has become due, if any. */
    Optional<Failed> expired(long now, boolean partial) {
        if (now - begin >= timeouts.total().toNanos()) {
            return Optional.of(
                    Failed.of(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "The stream took longer than " + timeouts.total() + ".",
                            partial));
        }
        if (now - since < silence().toNanos()) {
            return Optional.empty();
        }
        return Optional.of(
                phase == Phase.CALLED
                        ? Failed.of(
                                ErrorCode.PROVIDER_TIMEOUT,
                                "The provider sent nothing for " + timeouts.firstByte() + ".",
                                partial)
                        : Failed.of(
                                ErrorCode.IDLE_TIMEOUT,
                                "The provider fell silent for " + timeouts.idle() + ".",
                                partial));
    }

    private Duration silence() {
        return switch (phase) {
            case WAITING -> timeouts.total();
            case CALLED -> timeouts.firstByte();
            case STREAMING -> timeouts.idle();
        };
    }
}
