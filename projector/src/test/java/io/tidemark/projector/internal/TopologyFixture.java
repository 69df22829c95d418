package io.tidemark.projector.internal;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.UsageRow;

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

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Function;

/** The topology in a test driver: partition 0 only, no broker, time as told. */
final class TopologyFixture implements AutoCloseable {
    static final Topics TOPICS = Topics.defaults();
    static final Instant NOW = Instant.ofEpochMilli(1_800_000_100_000L);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SequenceWaiters waiters = new SequenceWaiters(10);
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestInputTopic<byte[], byte[]> results;
    private final TestOutputTopic<byte[], byte[]> responses;
    private final TestOutputTopic<byte[], byte[]> usage;

    TopologyFixture() {
        this(Stores::inMemoryKeyValueStore);
    }

    TopologyFixture(Function<String, KeyValueBytesStoreSupplier> suppliers) {
        var metrics = new ProjectorMetrics(meters, InstantSource.fixed(NOW));
        var topology = new ProjectorTopology(TOPICS, waiters, metrics, suppliers).build();
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        driver = new TopologyTestDriver(topology, settings, NOW);
        var out = new ByteArraySerializer();
        var in = new ByteArrayDeserializer();
        events = driver.createInputTopic(TOPICS.events().name(), out, out);
        results = driver.createInputTopic(TOPICS.responses().name(), out, out);
        responses = driver.createOutputTopic(TOPICS.responses().name(), in, in);
        usage = driver.createOutputTopic(TOPICS.usage().name(), in, in);
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

    List<TestRecord<byte[], byte[]>> responseRecords() {
        return new ArrayList<>(responses.readRecordsToList());
    }

    List<Response> responses() {
        return responseRecords().stream()
                .map(record -> ResponseCodec.decode(record.value()))
                .toList();
    }

    List<UsageRow> usage() {
        return usage.readValuesToList().stream().map(ResponseCodec::decodeUsage).toList();
    }

    KeyValueStore<byte[], byte[]> store(String name) {
        return driver.getKeyValueStore(name);
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
    }
}
