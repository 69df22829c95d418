package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Walks over the old end of a store, a bounded number of keys at a time: ids sort by time, so what
 * is old stands first. Each run goes on where the one before stopped, and begins anew behind the
 * last old key. Confined to the stream thread of its store.
 */
final class Sweep {
    private final KeyValueStore<byte[], byte[]> store;
    private final int keysMax;
    private byte @Nullable [] from;

    /**
     * A walk from the oldest id on.
     *
     * @param keysMax most keys that one run visits
     */
    Sweep(KeyValueStore<byte[], byte[]> store, int keysMax) {
        this.store = store;
        this.keysMax = keysMax;
    }

    /** Visits the next ids that were minted before a time; the visitor may delete them. */
    void run(Instant before, BiConsumer<StreamId, byte[]> visitor) {
        var old = next(firstKeyOf(before));
        from = old.size() < keysMax ? null : successor(old.getLast().key);
        old.forEach(entry -> visitor.accept(StreamId.ofKey(entry.key), entry.value));
    }

    private List<KeyValue<byte[], byte[]>> next(byte[] to) {
        var found = new ArrayList<KeyValue<byte[], byte[]>>();
        try (var entries = store.range(from, to)) {
            while (found.size() < keysMax && entries.hasNext()) {
                found.add(entries.next());
            }
        }
        return found;
    }

    private static byte[] firstKeyOf(Instant time) {
        return StreamId.mint(InstantSource.fixed(time), () -> 0L, 0).key();
    }

    private static byte[] successor(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
