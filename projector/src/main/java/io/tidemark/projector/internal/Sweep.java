package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Walks over the old end of a store, a bounded number of keys at a time: ids sort by time, and so
 * do the keys of rollups, so what is old stands first. Each run goes on where the one before
 * stopped, and begins anew behind the last old key. Confined to the stream thread of its store.
 *
 * <p>It holds keys alone, since a value may be as large as a topic takes.
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

    /**
     * Visits the next keys that sort before all ids minted at a time or later; the visitor may
     * delete them, and must expect keys that are no ids.
     *
     * @param before a time before 1970 is 1970
     */
    void run(Instant before, Consumer<byte[]> visitor) {
        run(firstKeyOf(before), visitor);
    }

    /**
     * Visits the next keys that sort before another one, or are that; the visitor may delete them.
     */
    void run(byte[] to, Consumer<byte[]> visitor) {
        var old = next(to);
        from = old.size() < keysMax ? null : successor(old.getLast());
        old.forEach(visitor);
    }

    private List<byte[]> next(byte[] to) {
        var found = new ArrayList<byte[]>();
        try (var entries = store.range(from, to)) {
            while (found.size() < keysMax && entries.hasNext()) {
                found.add(entries.next().key);
            }
        }
        return found;
    }

    private static byte[] firstKeyOf(Instant time) {
        var since1970 = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
        return StreamId.mint(InstantSource.fixed(since1970), () -> 0L, 0).key();
    }

    private static byte[] successor(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
