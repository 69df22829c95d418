package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

import java.util.function.Function;

/**
 * The part of the topology that rolls the ledger up.
 *
 * <pre>
 *   tidemark.usage -&gt; usage-source -&gt; rollup-router -&gt; (rollups-repartition) -&gt; rollup-keeper
 *                                          |                                          |     |
 *                                     rollup-keys                                rollups    |
 *                                                                                           v
 *                                                            tidemark.rollups &lt;- rollups-sink
 * </pre>
 *
 * <p>It begins with the ledger as it is written, so that the sums of both are the same: what is no
 * row there counts nowhere, and what was a row before there were rollups counts as well. Rows of
 * one minute, tenant, provider and model stand on all partitions, and meet by their key.
 *
 * <p>The repartition topic is the reason for the DSL: only that makes one that Kafka Streams keeps
 * until it was read, and empties. Stateless.
 */
final class RollupTopology {
    private static final String REPARTITION = "rollups";

    private final Topics topics;
    private final ProjectorMetrics metrics;
    private final Function<String, KeyValueBytesStoreSupplier> suppliers;

    /**
     * A topology to be built.
     *
     * @param suppliers makes the key-value store of a name
     */
    RollupTopology(
            Topics topics,
            ProjectorMetrics metrics,
            Function<String, KeyValueBytesStoreSupplier> suppliers) {
        this.topics = topics;
        this.metrics = metrics;
        this.suppliers = suppliers;
    }

    /** Adds it to what is built. */
    void addTo(StreamsBuilder builder) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        builder.addStateStore(logged(ProjectorStores.ROLLUP_KEYS));
        builder.addStateStore(logged(ProjectorStores.ROLLUPS));
        builder.stream(topics.usage().name(), ProjectorTopology.consumed("usage-source"))
                .process(
                        () -> new RollupRouter(metrics),
                        Named.as("rollup-router"),
                        ProjectorStores.ROLLUP_KEYS)
                .repartition(Repartitioned.with(bytes, bytes).withName(REPARTITION))
                .process(
                        () -> new RollupKeeper(topics, metrics),
                        Named.as("rollup-keeper"),
                        ProjectorStores.ROLLUPS)
                .to(
                        topics.rollups().name(),
                        Produced.with(bytes, KeptRollup.serde())
                                .withStreamPartitioner(KeptRollup::partitions)
                                .withName("rollups-sink"));
    }

    private StoreBuilder<?> logged(String name) {
        return ProjectorStores.logged(suppliers.apply(name), topics.rollups().messageBytesMax());
    }
}
