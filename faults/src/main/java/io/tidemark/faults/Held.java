package io.tidemark.faults;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a client holds of its stream when it is done. Immutable.
 *
 * @param requestId the stream; absent if no edge acknowledged a start
 * @param ended whether it has the terminal event
 * @param events the {@link Digest} of each event's data, by sequence
 * @param connections how often it connected for them
 * @param broken what it was told against the contract; empty as a rule
 */
record Held(
        @Nullable String requestId,
        boolean ended,
        List<Long> events,
        int connections,
        List<String> broken) {
    Held {
        events = List.copyOf(events);
        broken = List.copyOf(broken);
    }
}
