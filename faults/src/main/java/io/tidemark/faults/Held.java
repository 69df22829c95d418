package io.tidemark.faults;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a client holds of its stream when it is done. Immutable.
 *
 * @param shape what it asked for
 * @param from when it began to try
 * @param requestId the stream; absent if no edge acknowledged a start
 * @param ended whether it has the terminal event
 * @param events the {@link Digest} of each event's data, by sequence
 * @param connections how often it connected for them
 * @param broken what it was told against the contract; empty as a rule
 * @param cancelledAt when its cancel was acknowledged; absent if it was not, or there was none
 * @param absent the longest time without an answer to read events from, the one before the first
 *     included
 */
record Held(
        StreamShape shape,
        Instant from,
        @Nullable String requestId,
        boolean ended,
        List<Long> events,
        int connections,
        List<String> broken,
        @Nullable Instant cancelledAt,
        Duration absent) {
    Held {
        requireNonNull(shape, "shape");
        requireNonNull(from, "from");
        requireNonNull(absent, "absent");
        events = List.copyOf(events);
        broken = List.copyOf(broken);
    }
}
