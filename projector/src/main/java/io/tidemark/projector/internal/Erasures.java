package io.tidemark.projector.internal;

import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

import java.util.Optional;

/**
 * The erasures of one partition, as the store holds them. A store that is restored takes whatever
 * its topic has: only what is an erasure of the stream counts. As thread-safe as its store.
 *
 * @param partition whose erasures they are
 */
record Erasures(int partition, ReadOnlyKeyValueStore<byte[], byte[]> store) {
    /** The erasure of a stream; empty if it was not erased, as far as is known. */
    Optional<Erasure> find(StreamId id) {
        return read(id.key());
    }

    /** Whether a stream was erased. */
    boolean has(StreamId id) {
        return find(id).isPresent();
    }

    /** The erasure under a key of the store; empty if there is none. */
    Optional<Erasure> read(byte[] key) {
        try {
            return Optional.ofNullable(store.get(key))
                    .map(value -> Erasure.of(partition, key, value));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }
}
