package io.tidemark.edge.internal.live;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How a client wants the events of a stream, whatever the representation. Immutable.
 *
 * @param types which
 * @param batch for how long deltas are gathered; zero for not at all
 * @param snapshot what is given before them; null for nothing
 */
public record Shape(Types types, Duration batch, @Nullable Frame snapshot) {
    /** Longest time for which deltas are gathered. */
    public static final Duration BATCH_MAX = Duration.ofSeconds(2);

    /** Most events of a page. */
    public static final int PAGE_EVENTS_MAX = PageSink.EVENTS_MAX;

    /** Every event as it stands in the log. */
    public static final Shape PLAIN = new Shape(Types.ALL, Duration.ZERO, null);

    /** The same behind a snapshot. */
    public Shape behind(Frame first) {
        return new Shape(types, batch, first);
    }
}
