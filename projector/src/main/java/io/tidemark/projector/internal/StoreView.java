package io.tidemark.projector.internal;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Gives a query the stores of one partition. Thread-safe. */
@FunctionalInterface
public interface StoreView {
    /**
     * The store as it is on this instance.
     *
     * @throws InvalidStateStoreException if the partition is not here, or not ready to be read
     */
    ReadOnlyKeyValueStore<byte[], byte[]> store(String name, int partition);
}
