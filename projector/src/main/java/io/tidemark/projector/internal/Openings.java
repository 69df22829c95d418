package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.EventRecord;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.Keys;
import io.tidemark.seal.Opener;

import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens events for the fold. Whether there is a key must be known for certain: what is taken for
 * erased is so for good. So it asks again where Kafka does not answer, for as long as a stream
 * thread may be busy; then the thread dies and another goes on where it was. Thread-safe.
 */
public final class Openings implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Openings.class);

    /* Shorter than max.poll.interval.ms, 5 min. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Opener opener;
    private final boolean keyed;
    private final @Nullable KeyRing ring;

    private Openings(Opener opener, boolean keyed, @Nullable KeyRing ring) {
        this.opener = opener;
        this.keyed = keyed;
        this.ring = ring;
    }

    /**
     * With this opener, which whoever made it closes.
     *
     * @param keyed whether streams have keys
     */
    public static Openings of(Opener opener, boolean keyed) {
        return new Openings(opener, keyed, null);
    }

    /**
     * As configured; with master keys it starts to follow their topic.
     *
     * @throws org.apache.kafka.common.KafkaException if that cannot be read
     */
    public static Openings start(
            ProjectorConfig config, ProjectorMetrics metrics, InstantSource clock) {
        var counts = metrics.sealed();
        if (config.masterKeys().isEmpty()) {
            return new Openings(new Opener(Keys.NONE, counts), false, null);
        }
        var topic = config.topics().keys().name();
        var ring = KeyRing.start(config.kafka(), topic, config.masterKeys(), clock, counts);
        return new Openings(new Opener(ring, counts), true, ring);
    }

    /** Whether there is a topic of keys, in which those of erased streams are to be deleted. */
    boolean keyed() {
        return keyed;
    }

    /** The event that was written, or what is left of it without its key. */
    EventRecord.Entry open(EventRecord.Entry entry) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return opener.open(entry);
            } catch (InterruptException e) {
                throw e;
            } catch (RetriableException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LOGGER.atWarn().addKeyValue("error", e.toString()).log("no answer for a key");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
