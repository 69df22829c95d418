package io.tidemark.projector.internal;

import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The stores of the topology: their names and how they are built. Stateless. */
public final class ProjectorStores {
    /** Where each open stream stands: id to {@link Progress}. */
    static final String PROGRESS = "progress";

    /** The events of open streams, see {@link OpenStreams}. */
    static final String PIECES = "pieces";

    /** The results: id to the JSON of a response, restored from {@code tidemark.responses}. */
    static final String RESPONSES = "responses";

    /** The rollups of all minutes that are kept: their keys to the JSON of {@code Rollup}. */
    static final String ROLLUPS = "rollups";

    /** What is told apart of the last hour's rows of a partition; see {@link RollupKeys}. */
    static final String ROLLUP_KEYS = "rollup-keys";

    /** The streams by tenant and time, and how far the log is taken in: {@link StreamIndex}. */
    static final String STREAMS = "streams";

    /** The erasures: id to the JSON of one, restored from {@code tidemark.erasures}. */
    static final String ERASURES = "erasures";

    private ProjectorStores() {}

    /** The list of a partition's streams. */
    static StreamIndex index(ProcessorContext<?, ?> context) {
        return new StreamIndex(context.getStateStore(STREAMS));
    }

    /** The erasures of a partition. */
    static Erasures erasures(ProcessorContext<?, ?> context) {
        return new Erasures(
                context.taskId().partition(),
                context.<KeyValueStore<byte[], byte[]>>getStateStore(ERASURES));
    }

    /** The topics in which Kafka Streams keeps stores with content, and what they promise. */
    public static List<Topic> changelogs(String applicationId) {
        return Stream.of(PROGRESS, PIECES)
                .map(store -> "%s-%s-changelog".formatted(applicationId, store))
                .map(name -> new Topic(name, Map.of(), List.of(Topics.FORGETS_WHAT_IS_ERASED)))
                .toList();
    }

    /**
     * The parts of a partition's open streams.
     *
     * @param commits told of what is put into them
     */
    static OpenStreams openStreams(ProcessorContext<?, ?> context, CommitWatch commits) {
        return new OpenStreams(
                context.getStateStore(PROGRESS), context.getStateStore(PIECES), commits);
    }

    /*
     * The cache matters: a progress record changes with every event, and the cache lets one per
     * commit through to the changelog.
     */
    static StoreBuilder<KeyValueStore<byte[], byte[]>> logged(
            KeyValueBytesStoreSupplier supplier, int messageBytesMax) {
        return builder(supplier)
                .withLoggingEnabled(
                        Map.of(
                                "max.message.bytes",
                                Integer.toString(messageBytesMax),
                                "max.compaction.lag.ms",
                                Long.toString(Topics.COMPACTION_LAG_MAX.toMillis())))
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
