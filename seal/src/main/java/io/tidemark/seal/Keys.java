package io.tidemark.seal;

import io.tidemark.schemas.StreamId;

/**
 * Where keys of streams are found. Thread-safe; may block, so it is not for I/O threads.
 *
 * @see KeyRing
 */
public interface Keys {
    /** Finds none: nothing is configured. */
    Keys NONE = _ -> new Found.Missing(Unreadable.NO_MASTER_KEYS);

    /**
     * Looks for the key of a stream.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not say whether there is one:
     *     whoever gets it has to ask again, and must not take it for an answer
     */
    Found find(StreamId id);
}
