package io.tidemark.projector.internal;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Counting;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.RollupKey;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.UsageRow;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;

/** The topology in a test driver: partition 0 only, no broker, time as told. */
final class TopologyFixture implements AutoCloseable {
    static final Duration SILENT_AFTER = Duration.ofMinutes(10);
    static final Topics TOPICS = Topics.defaults();
    static final Topics INHERITED = TOPICS.withGeneration(1);
    static final Instant NOW = Instant.ofEpochMilli(1_800_000_100_000L);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SequenceWaiters waiters = new SequenceWaiters(10);
    final FakeLogEnds log = new FakeLogEnds();
    private final StoreFiles files;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestInputTopic<byte[], byte[]> results;
    private final TestInputTopic<byte[], byte[]> erasures;
    private final TestOutputTopic<byte[], byte[]> responses;
    private final TestOutputTopic<byte[], byte[]> usage;
    private final TestOutputTopic<byte[], byte[]> keys;
    private final TestInputTopic<byte[], byte[]> ledger;
    private final TestInputTopic<byte[], byte[]> repartition;
    private final TestOutputTopic<byte[], byte[]> rollups;

    TopologyFixture() {
        this(Stores::inMemoryKeyValueStore);
    }

    TopologyFixture(Function<String, KeyValueBytesStoreSupplier> suppliers) {
        this(PriceTable.NONE, suppliers);
    }

    TopologyFixture(PriceTable prices, Function<String, KeyValueBytesStoreSupplier> suppliers) {
        this(prices, suppliers, Opener.withoutKeys());
    }

    TopologyFixture(
            PriceTable prices,
            Function<String, KeyValueBytesStoreSupplier> suppliers,
            Opener opener) {
        this(prices, suppliers, opener, Optional.empty());
    }

    /** One that takes over what was made before, of streams that began before an offset. */
    static TopologyFixture inheriting(long begins) {
        var from = new Inheritance(INHERITED, Map.of(0, begins));
        return new TopologyFixture(
                PriceTable.NONE,
                Stores::inMemoryKeyValueStore,
                Opener.withoutKeys(),
                Optional.of(from));
    }

    private TopologyFixture(
            PriceTable prices,
            Function<String, KeyValueBytesStoreSupplier> suppliers,
            Opener opener,
            Optional<Inheritance> inheritance) {
        var metrics = new ProjectorMetrics(meters, InstantSource.fixed(NOW));
        files = new StoreFiles(metrics);
        var topology =
                new ProjectorTopology(
                                TOPICS,
                                prices,
                                waiters,
                                metrics,
                                SILENT_AFTER,
                                suppliers,
                                files,
                                Openings.of(opener, true),
                                inheritance)
                        .build();
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        driver = new TopologyTestDriver(topology, settings, NOW);
        var out = new ByteArraySerializer();
        var in = new ByteArrayDeserializer();
        events = driver.createInputTopic(TOPICS.events().name(), out, out);
        results = driver.createInputTopic(TOPICS.responses().name(), out, out);
        erasures = driver.createInputTopic(TOPICS.erasures().name(), out, out);
        responses = driver.createOutputTopic(TOPICS.responses().name(), in, in);
        usage = driver.createOutputTopic(TOPICS.usage().name(), in, in);
        keys = driver.createOutputTopic(TOPICS.keys().name(), in, in);
        ledger = driver.createInputTopic(TOPICS.usage().name(), out, out);
        repartition = driver.createInputTopic("test-rollups-repartition", out, out);
        rollups = driver.createOutputTopic(TOPICS.rollups().name(), in, in);
    }

    /** Appends records, each a millisecond after the one before. */
    TopologyFixture append(List<ProducerRecord<byte[], byte[]>> records) {
        long time = NOW.toEpochMilli();
        for (var record : records) {
            append(record, time++);
        }
        return this;
    }

    TopologyFixture append(ProducerRecord<byte[], byte[]> record) {
        return append(record, NOW.toEpochMilli());
    }

    TopologyFixture append(ProducerRecord<byte[], byte[]> record, long time) {
        events.pipeInput(
                new TestRecord<>(
                        record.key(),
                        record.value(),
                        record.headers(),
                        Instant.ofEpochMilli(time)));
        return this;
    }

    void appendResult(byte @Nullable [] key, byte @Nullable [] value) {
        results.pipeInput(key, value, NOW);
    }

    TopologyFixture erase(StreamId id) {
        return erase(id, NOW);
    }

    TopologyFixture erase(StreamId id, Instant at) {
        var record = new Erasure(id, at.toEpochMilli(), "acme").record(TOPICS.erasures().name());
        appendErasure(record.key(), record.value());
        return this;
    }

    void appendErasure(byte @Nullable [] key, byte @Nullable [] value) {
        erasures.pipeInput(key, value, NOW);
    }

    /** A record of the results that are taken over, as it stands there. */
    void inherit(Topic topic, TestRecord<byte[], byte[]> record) {
        var bytes = new ByteArraySerializer();
        driver.createInputTopic(topic.name(), bytes, bytes).pipeInput(record);
    }

    List<TestRecord<byte[], byte[]>> usageRecords() {
        return new ArrayList<>(usage.readRecordsToList());
    }

    List<TestRecord<byte[], byte[]>> responseRecords() {
        return new ArrayList<>(responses.readRecordsToList());
    }

    List<TestRecord<byte[], byte[]>> keyRecords() {
        return new ArrayList<>(keys.readRecordsToList());
    }

    List<Response> responses() {
        return responseRecords().stream()
                .filter(record -> record.value() != null)
                .map(record -> ResponseCodec.decode(record.value()))
                .toList();
    }

    List<UsageRow> usage() {
        return usage.readValuesToList().stream().map(ResponseCodec::decodeUsage).toList();
    }

    /** Appends to the ledger itself, as a projector before this one may have done. */
    void appendRow(byte @Nullable [] key, byte @Nullable [] value, long time) {
        ledger.pipeInput(key, value, Instant.ofEpochMilli(time));
    }

    /** Sends what another partition's rows come to. */
    void appendRollup(RollupKey key, Rollup rollup, long time) {
        repartition.pipeInput(key.encode(), RollupCodec.encode(rollup), Instant.ofEpochMilli(time));
    }

    List<TestRecord<byte[], byte[]>> rollupRecords() {
        return new ArrayList<>(rollups.readRecordsToList());
    }

    /** The latest rollup of each key, by key; those that were read before are not among them. */
    Map<String, Rollup> latestRollups() {
        var latest = new TreeMap<String, Rollup>();
        for (var record : rollupRecords()) {
            latest.put(
                    new String(record.key(), StandardCharsets.UTF_8),
                    RollupCodec.decode(record.value()));
        }
        return latest;
    }

    KeyValueStore<byte[], byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    /** What proves that the stores are as far as {@link #log}. */
    Proof proof() {
        return new Proof((name, _) -> store(name), log);
    }

    /** Asks the stores, with room for one response at a time. */
    ResponseQuery query() {
        return new ResponseQuery((name, _) -> store(name), proof(), waiters, 1);
    }

    int entries(String name) {
        int entries = 0;
        try (var all = store(name).all()) {
            for (; all.hasNext(); all.next()) {
                entries++;
            }
        }
        return entries;
    }

    boolean knows(StreamId id) {
        return store(ProjectorStores.PROGRESS).get(id.key()) != null;
    }

    double refused(Refusal reason) {
        return meters.get(ProjectorMetrics.REFUSED)
                .tag(ProjectorMetrics.REASON, reason.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    double rolledUp(Counting outcome) {
        return meters.get(ProjectorMetrics.ROLLUPS)
                .tag(ProjectorMetrics.OUTCOME, outcome.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    double count(String counter) {
        return meters.get(counter).counter().count();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    void sleep(Duration time) {
        driver.advanceWallClockTime(time);
    }

    @Override
    public void close() {
        driver.close();
        files.close();
    }
}
