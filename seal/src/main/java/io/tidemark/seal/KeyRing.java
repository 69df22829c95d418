package io.tidemark.seal;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * The keys of streams, as one process needs them: those that were used or written lately are in
 * memory, {@link #KEYS_MAX} at most; any other is looked up in {@code tidemark.keys}.
 *
 * <p>Thread-safe. {@link #find} blocks where a key is not in memory, so it is not for I/O threads.
 */
public final class KeyRing implements Keys, AutoCloseable {
    /** Most keys in memory, at some 500 bytes each; as many deletions and absences. */
    public static final int KEYS_MAX = 50_000;

    private static final Duration START_MAX = Duration.ofSeconds(60);

    private final KeyCache cache;
    private final KeyLookup lookup;
    private final KeyTail tail;
    private final SealCounts counts;

    private KeyRing(KeyCache cache, KeyLookup lookup, KeyTail tail, SealCounts counts) {
        this.cache = cache;
        this.lookup = lookup;
        this.tail = tail;
        this.counts = counts;
    }

    /**
     * Starts to follow the topic. When it returns, what was deleted lately is known.
     *
     * @param kafka settings of Kafka's clients
     * @param topic its name; it is there
     * @param counts told of look-ups
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     * @throws IllegalStateException if that takes longer than a minute
     */
    public static KeyRing start(
            Map<String, String> kafka,
            String topic,
            MasterKeys masters,
            InstantSource clock,
            SealCounts counts) {
        return start(kafka, topic, masters, clock, counts, KEYS_MAX);
    }

    static KeyRing start(
            Map<String, String> kafka,
            String topic,
            MasterKeys masters,
            InstantSource clock,
            SealCounts counts,
            int keysMax) {
        var cache = new KeyCache(masters, keysMax, System::nanoTime);
        var following = KeyTopic.consumer(kafka);
        var tail = KeyTail.start(following, topic, cache, keysMax, clock.instant(), START_MAX);
        try {
            var lookup = new KeyLookup(KeyTopic.lookup(kafka), topic, cache);
            return new KeyRing(cache, lookup, tail, counts);
        } catch (RuntimeException e) {
            tail.close();
            throw e;
        }
    }

    @Override
    public Found find(StreamId id) {
        var known = cache.get(id);
        if (known != null) {
            return known;
        }
        counts.lookup();
        return lookup.find(id);
    }

    /** Takes note of a key that is in the log, so that it need not be read. */
    public void put(WrappedKey key) {
        cache.put(key);
    }

    /** Takes note of a deletion that is in the log, so that it need not be read. */
    public void delete(StreamId id) {
        cache.delete(id);
    }

    /** Whether it is known that the log has the deletion of a key. */
    public boolean isDeleted(StreamId id) {
        return cache.isDeleted(id);
    }

    @Override
    public void close() {
        try {
            tail.close();
        } finally {
            lookup.close();
        }
    }
}
