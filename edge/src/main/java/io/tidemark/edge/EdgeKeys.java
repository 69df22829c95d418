package io.tidemark.edge;

import io.tidemark.edge.internal.http.CommandWriter;
import io.tidemark.edge.internal.http.StreamKeys;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.Keys;
import io.tidemark.seal.Opener;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Deque;

/**
 * The keys of encrypted streams, as an edge needs them: to open what it reads, to make some and to
 * delete some. Immutable.
 *
 * @param opener opens what is sealed, or gives what stands for it
 * @param ring absent where no master keys are configured
 */
record EdgeKeys(Opener opener, StreamKeys.@Nullable Ring ring) {
    /**
     * Starts to follow the keys, if there can be any.
     *
     * @param parts gets what has to be closed
     */
    static EdgeKeys start(
            EdgeConfig config,
            EdgeMetrics metrics,
            InstantSource clock,
            Deque<AutoCloseable> parts) {
        var masters = config.masterKeys();
        var counts = metrics.sealed();
        if (masters.isEmpty()) {
            return new EdgeKeys(new Opener(Keys.NONE, counts), null);
        }
        var topic = config.topics().keys().name();
        var ring = KeyRing.start(config.kafka(), topic, masters, clock, counts);
        parts.push(ring);
        /* Of its own: ids are no secrets, and whoever gives their randomness may repeat it. */
        var random = new SecureRandom();
        return new EdgeKeys(
                new Opener(ring, counts), new StreamKeys.Ring(ring, masters, topic, clock, random));
    }

    StreamKeys streamKeys(CommandWriter writer) {
        return new StreamKeys(writer, ring);
    }
}
