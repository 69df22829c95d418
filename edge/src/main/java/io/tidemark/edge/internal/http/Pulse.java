package io.tidemark.edge.internal.http;

import java.time.Duration;

/**
 * How often an open response is looked after, and how long its peer may take nothing.
 *
 * @param heartbeat the longest silence
 * @param stalledMax a peer that has taken no byte of what was there for it, or has said nothing
 *     where it has to, for that long is gone
 */
record Pulse(Duration heartbeat, Duration stalledMax) {
    /** Between two looks, in milliseconds; twice per heartbeat, see {@code Reader.heartbeat}. */
    long beatMs() {
        return Math.max(1, heartbeat.toMillis() / 2);
    }

    /** Looks in a row at which a peer may have taken nothing. */
    int stuckBeatsMax() {
        return Math.toIntExact(Math.max(1, Math.ceilDiv(stalledMax.toMillis(), beatMs())));
    }
}
