package io.tidemark.projector.internal;

import io.tidemark.schemas.RollupKey;

import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bounds how many combinations of tenant, provider and model one minute of one partition tells
 * apart, whatever callers name (section 8.6 of the protocol). The first ones are told apart, in the
 * order of the ledger's partition, which is the same whenever it is read; what comes later counts
 * with any model, and after as many more with anything. So what is told apart depends on the log
 * alone, and no row is left out.
 *
 * <p>What was seen is kept in a store, by minute, for {@value #MINUTES_MAX} minutes behind the
 * latest one of the partition; who comes later than that is not told apart at all. Confined to the
 * stream thread of its partition.
 */
final class RollupKeys {
    /** Most combinations that are told apart, and most with any model beside them. */
    static final int KEYS_MAX = 1_000;

    /** How many minutes before the latest one rows are told apart. */
    static final int MINUTES_MAX = 60;

    private static final byte[] SEEN = {1};

    private final KeyValueStore<byte[], byte[]> store;
    private final Sweep old;

    RollupKeys(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
        this.old = new Sweep(store, ResultKeeper.SWEEP_KEYS_MAX);
    }

    /** The earliest minute that is told apart where that is the latest time of the partition. */
    static long earliest(long latest) {
        return RollupKey.minuteOf(latest) - MINUTES_MAX * RollupKey.MINUTE_MS;
    }

    /**
     * The key to count under.
     *
     * @param latest latest time of a record of the partition, this one's included
     */
    RollupKey told(RollupKey key, long latest) {
        if (key.minute() < earliest(latest)) {
            return key.ofAnything();
        }
        if (admitted(key, KEYS_MAX)) {
            return key;
        }
        var anyModel = key.ofAnyModel();
        return admitted(anyModel, 2 * KEYS_MAX) ? anyModel : key.ofAnything();
    }

    private boolean admitted(RollupKey key, int keysMax) {
        byte[] bytes = key.encode();
        if (store.get(bytes) != null) {
            return true;
        }
        byte[] number = numberKey(key.minute());
        byte[] stored = store.get(number);
        int seen = stored == null ? 0 : ByteBuffer.wrap(stored).getInt();
        if (seen >= keysMax) {
            return false;
        }
        store.put(bytes, SEEN);
        store.put(number, ByteBuffer.allocate(Integer.BYTES).putInt(seen + 1).array());
        return true;
    }

    /* Where the number of a minute's combinations is: among them, and none of them. */
    private static byte[] numberKey(long minute) {
        byte[] first = RollupKey.firstOf(minute);
        byte[] key = Arrays.copyOf(first, first.length + 1);
        key[first.length] = ']';
        return key;
    }

    /** Forgets, a bounded step at a time, what is not told apart any more. */
    void sweep(long latest) {
        old.run(RollupKey.firstOf(earliest(latest)), store::delete);
    }
}
