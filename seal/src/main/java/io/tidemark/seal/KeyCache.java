package io.tidemark.seal;

import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The keys that are remembered, up to a number; beyond it the one used least recently is forgotten.
 * That a stream has no key is remembered for a minute, that its key was deleted for as long as
 * there is room: what is read of the topic afterwards may be older than the deletion. Thread-safe.
 *
 * @see KeyRing
 */
final class KeyCache {
    /** How long it counts that a stream had no key. */
    static final Duration ABSENT_FOR = Duration.ofMinutes(1);

    private static final Found DELETED = new Found.Missing(Unreadable.NO_KEY);

    /** What is remembered of a key that there is. */
    private sealed interface Held {}

    /** One that was not needed yet. */
    private record Wrapped(WrappedKey key) implements Held {}

    private record Unwrapped(Found found) implements Held {}

    private final MasterKeys masters;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /* All guarded by the lock. */
    private final Map<StreamId, Held> keys;
    private final Map<StreamId, Boolean> deleted;
    /* Until when, in nanoseconds. */
    private final Map<StreamId, Long> absent;

    /**
     * A cache of nothing yet.
     *
     * @param keysMax most keys; as many deletions and absences
     * @param nanos what {@link System#nanoTime} gives
     */
    KeyCache(MasterKeys masters, int keysMax, LongSupplier nanos) {
        this.masters = masters;
        this.nanos = nanos;
        this.keys = new Bounded<>(keysMax);
        this.deleted = new Bounded<>(keysMax);
        this.absent = new Bounded<>(keysMax);
    }

    /** What is known of a stream's key; null if nothing is. */
    @Nullable Found get(StreamId id) {
        lock.lock();
        try {
            if (deleted.get(id) != null) {
                return DELETED;
            }
            return switch (keys.get(id)) {
                case Unwrapped(var found) -> found;
                case Wrapped(var key) -> unwrap(id, key);
                case null -> absent(id);
            };
        } finally {
            lock.unlock();
        }
    }

    private Found unwrap(StreamId id, WrappedKey wrapped) {
        var found =
                masters.unwrap(wrapped)
                        .<Found>map(Found.Key::new)
                        .orElseGet(() -> new Found.Missing(Unreadable.WRONG_MASTER_KEY));
        keys.put(id, new Unwrapped(found));
        return found;
    }

    private @Nullable Found absent(StreamId id) {
        var until = absent.get(id);
        if (until != null && nanos.getAsLong() - until < 0) {
            return DELETED;
        }
        absent.remove(id);
        return null;
    }

    /** Takes a record of the topic; returns the stream that it is about, null if it is none. */
    @Nullable StreamId take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return null;
        }
        try {
            if (record.value() == null) {
                var id = StreamId.ofKey(record.key());
                delete(id);
                return id;
            }
            var key = WrappedKey.of(record);
            put(key);
            return key.requestId();
        } catch (MalformedRecordException | IllegalArgumentException e) {
            return null; // somebody else's
        }
    }

    /** Remembers a key, unless it was deleted. */
    void put(WrappedKey key) {
        lock.lock();
        try {
            var id = key.requestId();
            if (deleted.get(id) == null) {
                absent.remove(id);
                keys.put(id, new Wrapped(key));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Remembers that a key was deleted. */
    void delete(StreamId id) {
        lock.lock();
        try {
            keys.remove(id);
            absent.remove(id);
            deleted.put(id, true);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is remembered that a key was deleted. */
    boolean isDeleted(StreamId id) {
        lock.lock();
        try {
            return deleted.get(id) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Remembers for a while that a stream has no key. */
    Found noteAbsent(StreamId id) {
        lock.lock();
        try {
            if (!keys.containsKey(id)) {
                absent.put(id, nanos.getAsLong() + ABSENT_FOR.toNanos());
            }
        } finally {
            lock.unlock();
        }
        var found = get(id);
        return found == null ? DELETED : found;
    }

    /** Forgets all keys: deletions may have been missed. */
    void forgetKeys() {
        lock.lock();
        try {
            keys.clear();
            absent.clear();
        } finally {
            lock.unlock();
        }
    }

    /** How many keys are remembered. */
    int size() {
        lock.lock();
        try {
            return keys.size();
        } finally {
            lock.unlock();
        }
    }

    private static final class Bounded<V> extends LinkedHashMap<StreamId, V> {
        private static final long serialVersionUID = 1;
        private final int max;

        Bounded(int max) {
            super(16, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, V> eldest) {
            return size() > max;
        }
    }
}
