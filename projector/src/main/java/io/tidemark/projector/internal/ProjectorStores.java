package io.tidemark.projector.internal;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.util.Map;

/** The stores of the topology: their names and how they are built. Stateless. */
final class ProjectorStores {
    /** Where each open stream stands: id to {@link Progress}. */
    static final String PROGRESS = "progress";

    /** The events of open streams: id and number to {@link Piece}. */
    static final String PIECES = "pieces";

    /** The results: id to the JSON of a response, restored from {@code tidemark.responses}. */
    static final String RESPONSES = "responses";

    private ProjectorStores() {}

    /** The parts of a partition's open streams. */
    static OpenStreams openStreams(ProcessorContext<?, ?> context) {
        return new OpenStreams(context.getStateStore(PROGRESS), context.getStateStore(PIECES));
    }

    /*
     * The cache matters: a progress record changes with every event, and the cache lets one per
     * commit through to the changelog.
     */
    static StoreBuilder<KeyValueStore<byte[], byte[]>> logged(
            KeyValueBytesStoreSupplier supplier, int messageBytesMax) {
        return builder(supplier)
                .withLoggingEnabled(Map.of("max.message.bytes", Integer.toString(messageBytesMax)))
                .withCachingEnabled();
    }

    /* Its changelog is the topic itself, and every value is written once. */
    static StoreBuilder<KeyValueStore<byte[], byte[]>> restoredFromTopic(
            KeyValueBytesStoreSupplier supplier) {
        return builder(supplier).withLoggingDisabled().withCachingDisabled();
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> builder(
            KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.ByteArray(), Serdes.ByteArray());
    }
}
