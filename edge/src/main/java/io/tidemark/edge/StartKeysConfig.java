package io.tidemark.edge;

import static io.tidemark.edge.Checks.requireBetween;

import io.tidemark.schemas.Topics;

import java.time.Duration;

/**
 * How an {@link Edge} remembers the keys under which streams were started. To be the same at all
 * edges of an installation. Immutable.
 *
 * @param window how long a key counts after it was used first, 1 s to 24 h, and no longer than
 *     commands and events are kept
 * @param keysMax most keys that are remembered, at about 400 bytes each, to be divided among the
 *     partitions; beyond it the one that was used least recently is forgotten
 * @param patience how long a request waits for another one of the same key that is about to start
 *     the stream
 */
public record StartKeysConfig(Duration window, int keysMax, Duration patience)
        implements EdgeConfig.Part {
    public StartKeysConfig {
        requireBetween("window", window, Duration.ofSeconds(1), Topics.START_KEY_WINDOW_MAX);
        requireBetween("keysMax", keysMax, 1, 10_000_000);
        requireBetween("patience", patience, Duration.ofMillis(1), Duration.ofMinutes(1));
    }

    /** For 24 h, 100,000 of them, and 5 s of patience. */
    public static StartKeysConfig defaults() {
        return new StartKeysConfig(Duration.ofHours(24), 100_000, Duration.ofSeconds(5));
    }

    /** The same with other bounds. */
    public StartKeysConfig with(Duration otherWindow, int otherKeysMax) {
        return new StartKeysConfig(otherWindow, otherKeysMax, patience);
    }
}
