package io.tidemark.projector.internal;

import java.time.Duration;

/**
 * How long other instances are waited for before it is said that they cannot be reached. Immutable.
 *
 * @param connect until there is a connection
 * @param owner until the owner of a stream's partition has answered, beyond what it is asked to
 *     wait
 * @param copy until the holder of a copy has
 * @param list until all owners have that are asked for a list
 */
record Patience(Duration connect, Duration owner, Duration copy, Duration list) {
    /** As long as a client of the edge may be kept waiting. */
    static final Patience DEFAULT =
            new Patience(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3));
}
