package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The topology.
 *
 * <pre>
 *   tidemark.events -&gt; events-source -&gt; event-collector -+-&gt; responses-sink -&gt; tidemark.responses
 *                                          |    |    |    |                        |
 *                                     progress pieces |   +-&gt; usage-sink -&gt; tidemark.usage
 *                                          |    |     |                            |
 *                                       result-keeper-+- responses          (read back)
 *                                          ^                                       |
 *                                          +------------ responses-source &lt;--------+
 * </pre>
 *
 * <p>Everything of a stream is in one task, because all three topics keep it on the partition that
 * its id names. The store {@code responses} is restored from the topic itself (KIP-813). Stateless.
 */
public final class ProjectorTopology {
    /** Source of {@code tidemark.events}. */
    public static final String EVENTS_SOURCE = "events-source";

    /** Source of {@code tidemark.responses}. */
    public static final String RESPONSES_SOURCE = "responses-source";

    /** Processor that folds. */
    public static final String COLLECTOR = "event-collector";

    /** Processor that keeps what was folded. */
    public static final String KEEPER = "result-keeper";

    /** Sink to {@code tidemark.responses}. */
    public static final String RESPONSES_SINK = "responses-sink";

    /** Sink to {@code tidemark.usage}. */
    public static final String USAGE_SINK = "usage-sink";

    /** What a record has beside its value, in bytes, generously. */
    static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

    private final Topics topics;
    private final SequenceWaiters waiters;
    private final ProjectorMetrics metrics;
    private final Function<String, KeyValueBytesStoreSupplier> suppliers;

    /**
     * A topology to be built.
     *
     * @param waiters told of every accepted event
     * @param suppliers makes the key-value store of a name
     */
    public ProjectorTopology(
            Topics topics,
            SequenceWaiters waiters,
            ProjectorMetrics metrics,
            Function<String, KeyValueBytesStoreSupplier> suppliers) {
        this.topics = topics;
        this.waiters = waiters;
        this.metrics = metrics;
        this.suppliers = suppliers;
    }

    /** Builds it. */
    public Topology build() {
        var results =
                new Results(
                        messageBytesMax(topics.responses()) - RECORD_OVERHEAD_BYTES,
                        messageBytesMax(topics.usage()) - RECORD_OVERHEAD_BYTES,
                        metrics);
        int eventBytesMax = messageBytesMax(topics.events());
        var bytes = new ByteArrayDeserializer();
        var topology = new Topology();
        topology.addSource(
                        AutoOffsetReset.earliest(),
                        EVENTS_SOURCE,
                        appendTime(),
                        bytes,
                        bytes,
                        topics.events().name())
                .addProcessor(
                        COLLECTOR,
                        () -> new EventCollector(results, waiters, metrics, eventBytesMax),
                        EVENTS_SOURCE)
                .addReadOnlyStateStore(
                        ProjectorStores.restoredFromTopic(
                                suppliers.apply(ProjectorStores.RESPONSES)),
                        RESPONSES_SOURCE,
                        appendTime(),
                        bytes,
                        bytes,
                        topics.responses().name(),
                        KEEPER,
                        () -> new ResultKeeper(topics, metrics))
                .addStateStore(logged(ProjectorStores.PROGRESS), COLLECTOR, KEEPER)
                .addStateStore(logged(ProjectorStores.PIECES), COLLECTOR, KEEPER)
                .connectProcessorAndStateStores(COLLECTOR, ProjectorStores.RESPONSES);
        addSink(topology, RESPONSES_SINK, topics.responses());
        addSink(topology, USAGE_SINK, topics.usage());
        return topology;
    }

    private StoreBuilder<?> logged(String name) {
        return ProjectorStores.logged(
                suppliers.apply(name), messageBytesMax(topics.events()) + RECORD_OVERHEAD_BYTES);
    }

    private static void addSink(Topology topology, String name, Topic topic) {
        var bytes = new ByteArraySerializer();
        topology.addSink(
                name, topic.name(), bytes, bytes, ProjectorTopology::partitions, COLLECTOR);
    }

    /** The partition a result belongs to: the one its id names. */
    private static Optional<Set<Integer>> partitions(
            String topic, byte[] key, byte[] value, int count) {
        return Optional.of(Set.of(StreamId.ofKey(key).partition()));
    }

    /* A foreign record may carry no time at all, which Kafka Streams takes as a reason to die. */
    private static TimestampExtractor appendTime() {
        return (ConsumerRecord<Object, Object> record, long _) -> Math.max(0, record.timestamp());
    }

    /** Largest record batch that a topic takes, in bytes. */
    static int messageBytesMax(Topic topic) {
        return Integer.parseInt(topic.settings().getOrDefault("max.message.bytes", "1048588"));
    }
}
