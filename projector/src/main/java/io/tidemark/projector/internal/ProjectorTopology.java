package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 *
 *   tidemark.erasures -&gt; erasures-source -+-&gt; erasure-keeper - erasures
 *                                            +-&gt; eraser -&gt; responses-sink
 *                                            +-&gt; key-deleter -&gt; keys-sink -&gt; tidemark.keys
 * </pre>
 *
 * <p>All processors share the stores of their partition: the eraser changes them all, and the
 * others look into {@code erasures}.
 *
 * <p>Keys are deleted where there are some: with master keys.
 *
 * <p>What becomes of {@code tidemark.usage} is a topology of its own: {@link RollupTopology}.
 *
 * <p>All but the erasure keeper also write the store {@code streams}, which lists what there is
 * ({@link StreamIndex}). Everything of a stream is in one task, because all topics above keep it on
 * the partition that its id names. The stores {@code responses} and {@code erasures} are restored
 * from the topics themselves (KIP-813). Stateless.
 */
public final class ProjectorTopology {
    /** Source of {@code tidemark.events}. */
    public static final String EVENTS_SOURCE = "events-source";

    /** Source of {@code tidemark.responses}. */
    public static final String RESPONSES_SOURCE = "responses-source";

    /** Source of {@code tidemark.erasures}. */
    public static final String ERASURES_SOURCE = "erasures-source";

    /** Processor that folds. */
    public static final String COLLECTOR = "event-collector";

    /** Processor that keeps what was folded. */
    public static final String KEEPER = "result-keeper";

    /** Processor that keeps what was erased. */
    public static final String ERASURE_KEEPER = "erasure-keeper";

    /** Processor that erases. */
    public static final String ERASER = "eraser";

    /** Processor that deletes keys of what was erased. */
    public static final String KEY_DELETER = "key-deleter";

    /** Sink to {@code tidemark.keys}. */
    public static final String KEYS_SINK = "keys-sink";

    /** Sink to {@code tidemark.responses}. */
    public static final String RESPONSES_SINK = "responses-sink";

    /** Sink to {@code tidemark.usage}. */
    public static final String USAGE_SINK = "usage-sink";

    /** Source of the responses of the generation before, while there is one to inherit from. */
    public static final String INHERITED_RESPONSES = "inherited-responses-source";

    /** Source of its ledger rows. */
    public static final String INHERITED_USAGE = "inherited-usage-source";

    /** Processor that takes responses over. */
    public static final String RESPONSES_INHERITOR = "responses-inheritor";

    /** Processor that takes ledger rows over. */
    public static final String USAGE_INHERITOR = "usage-inheritor";

    private final Topics topics;
    private final PriceTable prices;
    private final SequenceWaiters waiters;
    private final ProjectorMetrics metrics;
    private final Duration silentAfter;
    private final Function<String, KeyValueBytesStoreSupplier> suppliers;
    private final StoreFiles files;
    private final Openings openings;
    private final Optional<Inheritance> inheritance;

    /**
     * A topology to be built, which folds everything itself.
     *
     * @param prices what ledger rows are charged by
     * @param waiters told of every accepted event
     * @param silentAfter how long an open stream says nothing before that is reported
     * @param suppliers makes the key-value store of a name
     * @param files told what is to be gone from the files of stores
     * @param openings opens sealed events
     */
    public ProjectorTopology(
            Topics topics,
            PriceTable prices,
            SequenceWaiters waiters,
            ProjectorMetrics metrics,
            Duration silentAfter,
            Function<String, KeyValueBytesStoreSupplier> suppliers,
            StoreFiles files,
            Openings openings) {
        this(
                topics,
                prices,
                waiters,
                metrics,
                silentAfter,
                suppliers,
                files,
                openings,
                Optional.empty());
    }

    /**
     * A topology to be built.
     *
     * @param prices what ledger rows are charged by
     * @param waiters told of every accepted event
     * @param silentAfter how long an open stream says nothing before that is reported
     * @param suppliers makes the key-value store of a name
     * @param files told what is to be gone from the files of stores
     * @param openings opens sealed events
     * @param inheritance what is taken over from the generation before
     */
    public ProjectorTopology(
            Topics topics,
            PriceTable prices,
            SequenceWaiters waiters,
            ProjectorMetrics metrics,
            Duration silentAfter,
            Function<String, KeyValueBytesStoreSupplier> suppliers,
            StoreFiles files,
            Openings openings,
            Optional<Inheritance> inheritance) {
        this.topics = topics;
        this.prices = prices;
        this.waiters = waiters;
        this.metrics = metrics;
        this.silentAfter = silentAfter;
        this.suppliers = suppliers;
        this.files = files;
        this.openings = openings;
        this.inheritance = inheritance;
    }

    /** Builds it. */
    public Topology build() {
        var results =
                new Results(
                        topics.responses().valueBytesMax(),
                        topics.usage().valueBytesMax(),
                        new Costs(prices, metrics),
                        metrics);
        int eventBytesMax = topics.events().messageBytesMax();
        var commits = new CommitWatches();
        var bytes = new ByteArrayDeserializer();
        var builder = new StreamsBuilder();
        /* First, for the first sub-topology is 0, and local state is kept by that number. */
        builder.stream(topics.events().name(), consumed(EVENTS_SOURCE))
                .process(
                        () ->
                                new EventCollector(
                                        results,
                                        waiters,
                                        metrics,
                                        eventBytesMax,
                                        commits,
                                        openings),
                        Named.as(COLLECTOR));
        new RollupTopology(topics, metrics, suppliers).addTo(builder);
        var topology = builder.build();
        topology.addReadOnlyStateStore(
                        ProjectorStores.restoredFromTopic(
                                suppliers.apply(ProjectorStores.RESPONSES)),
                        RESPONSES_SOURCE,
                        timeOfResults(),
                        bytes,
                        bytes,
                        topics.responses().name(),
                        KEEPER,
                        () -> new ResultKeeper(topics, metrics, silentAfter, files))
                .addReadOnlyStateStore(
                        ProjectorStores.restoredFromTopic(
                                suppliers.apply(ProjectorStores.ERASURES)),
                        ERASURES_SOURCE,
                        noTime(),
                        bytes,
                        bytes,
                        topics.erasures().name(),
                        ERASURE_KEEPER,
                        ErasureKeeper::new)
                .addProcessor(
                        ERASER, () -> new Eraser(topics, waiters, metrics, files), ERASURES_SOURCE)
                .addStateStore(
                        logged(suppliers.apply(ProjectorStores.PROGRESS)),
                        COLLECTOR,
                        KEEPER,
                        ERASER)
                .addStateStore(
                        logged(commits.watching(suppliers.apply(ProjectorStores.PIECES))),
                        COLLECTOR,
                        KEEPER,
                        ERASER)
                .addStateStore(
                        logged(suppliers.apply(ProjectorStores.STREAMS)), COLLECTOR, KEEPER, ERASER)
                .connectProcessorAndStateStores(
                        COLLECTOR, ProjectorStores.RESPONSES, ProjectorStores.ERASURES)
                .connectProcessorAndStateStores(KEEPER, ProjectorStores.ERASURES)
                .connectProcessorAndStateStores(
                        ERASER, ProjectorStores.RESPONSES, ProjectorStores.ERASURES);
        if (openings.keyed()) {
            topology.addProcessor(KEY_DELETER, KeyDeleter::new, ERASURES_SOURCE);
            addSink(topology, KEYS_SINK, topics.keys(), KEY_DELETER);
        }
        inheritance.ifPresent(from -> addInheritors(topology, from));
        addSink(topology, RESPONSES_SINK, topics.responses(), writers(RESPONSES_INHERITOR, ERASER));
        addSink(topology, USAGE_SINK, topics.usage(), writers(USAGE_INHERITOR));
        return topology;
    }

    /* They come before the sinks that they feed, and after whatever has a store. */
    private void addInheritors(Topology topology, Inheritance from) {
        addSource(topology, INHERITED_RESPONSES, from.from().responses())
                .addProcessor(
                        RESPONSES_INHERITOR,
                        () -> new Inheritor(from, Inheritor.Kind.RESPONSES, metrics),
                        INHERITED_RESPONSES);
        addSource(topology, INHERITED_USAGE, from.from().usage())
                .addProcessor(
                        USAGE_INHERITOR,
                        () -> new Inheritor(from, Inheritor.Kind.USAGE, metrics),
                        INHERITED_USAGE)
                .connectProcessorAndStateStores(
                        USAGE_INHERITOR, ProjectorStores.STREAMS, ProjectorStores.ERASURES);
    }

    private static Topology addSource(Topology topology, String source, Topic topic) {
        var bytes = new ByteArrayDeserializer();
        return topology.addSource(
                AutoOffsetReset.earliest(), source, appendTime(), bytes, bytes, topic.name());
    }

    private StoreBuilder<?> logged(KeyValueBytesStoreSupplier stores) {
        return ProjectorStores.logged(
                stores, topics.events().messageBytesMax() + Topic.RECORD_OVERHEAD_BYTES);
    }

    /* The collector, those others, and who takes results over if somebody does. */
    private String[] writers(String inheritor, String... others) {
        var all = new ArrayList<>(List.of(COLLECTOR));
        all.addAll(List.of(others));
        if (inheritance.isPresent()) {
            all.add(inheritor);
        }
        return all.toArray(String[]::new);
    }

    private static void addSink(Topology topology, String name, Topic topic, String... parents) {
        var bytes = new ByteArraySerializer();
        topology.addSink(name, topic.name(), bytes, bytes, ProjectorTopology::partitions, parents);
    }

    /** The partition a result belongs to: the one its id names. */
    private static Optional<Set<Integer>> partitions(
            String topic, byte[] key, byte[] value, int count) {
        return Optional.of(Set.of(StreamId.ofKey(key).partition()));
    }

    /** How a topic is read from its beginning, by a source of that name. */
    static Consumed<byte[], byte[]> consumed(String source) {
        return Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                .withName(source)
                .withTimestampExtractor(appendTime())
                .withOffsetResetPolicy(AutoOffsetReset.earliest());
    }

    /* A foreign record may carry no time at all, which Kafka Streams takes as a reason to die. */
    private static TimestampExtractor appendTime() {
        return (ConsumerRecord<Object, Object> record, long _) -> Math.max(0, record.timestamp());
    }

    /*
     * An erasure, and what it deletes, may be much younger than the events that are folded: they
     * must not tell how late it is in the log, by which old streams are given up.
     */
    private static TimestampExtractor noTime() {
        return (ConsumerRecord<Object, Object> _, long _) -> 0;
    }

    private static TimestampExtractor timeOfResults() {
        return (ConsumerRecord<Object, Object> record, long _) ->
                record.value() == null ? 0 : Math.max(0, record.timestamp());
    }
}
