package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;
import io.tidemark.seal.StreamSeal;

import java.util.random.RandomGenerator;

/**
 * What a worker does about encrypted streams (section 17 of {@code docs/protocol.md}): it opens
 * their starts, and seals their events under the same key. Thread-safe; blocks where a key has to
 * be looked up, so it is for virtual threads.
 *
 * @param random of nonces, unpredictable
 */
record StreamKeys(Opener opener, RandomGenerator random) {
    StreamKeys {
        requireNonNull(opener, "opener");
        requireNonNull(random, "random");
    }

    /** The start that was sealed, or what of it is not, if it cannot be opened. */
    Unsealed open(Command.Start start) {
        return opener.opened(start)
                .map(opened -> new Unsealed(opened, true))
                .orElseGet(() -> new Unsealed(start, false));
    }

    /** How the events of an encrypted stream are written: without its key, nothing they say is. */
    StreamSeal seal(StreamId id) {
        return opener.key(id)
                .<StreamSeal>map(key -> new StreamSeal.Sealed(key, random))
                .orElseGet(StreamSeal.Lost::new);
    }

    /**
     * A start.
     *
     * @param whole whether it says what is asked
     */
    record Unsealed(Command.Start start, boolean whole) {}
}
