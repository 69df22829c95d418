package io.tidemark.ingest.internal;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.DeadLetter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A topic of dead letters in memory, of one partition, and what writes to it. */
final class TestLetters {
    static final String TOPIC = "dead-letters";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<ConsumerRecord<byte[], byte[]>> before = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> discarded = new CopyOnWriteArrayList<>();
    /* Replaced by the thread that writes, when it has discarded one. */
    private volatile MockProducer<byte[], byte[]> producer = producer(true);
    private final DeadLetters letters =
            new DeadLetters(
                    new DeadLetterTopic(TOPIC, this::open, this::reader, PATIENCE),
                    new IngestMetrics(meters));

    private static MockProducer<byte[], byte[]> producer(boolean acknowledging) {
        return new MockProducer<>(
                acknowledging, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private MockProducer<byte[], byte[]> open() {
        if (producer.closed()) {
            var closed = producer;
            producer = producer(false);
            discarded.addAll(closed.history());
        }
        return producer;
    }

    private MockConsumer<byte[], byte[]> reader() {
        var reader = new MockConsumer<byte[], byte[]>("earliest");
        reader.updateBeginningOffsets(Map.of(PARTITION, 0L));
        reader.updateEndOffsets(Map.of(PARTITION, (long) before.size()));
        reader.schedulePollTask(() ->
                before.stream()
                        .filter(record -> record.offset() >= reader.position(PARTITION))
                        .forEach(reader::addRecord));
        return reader;
    }

    DeadLetters letters() {
        return letters;
    }

    DeadLetters.Source source() {
        return letters.source();
    }

    /** From now on nothing is acknowledged by itself. */
    void hold() {
        producer = producer(false);
    }

    /** Acknowledges the next record, once it was sent. */
    void acknowledge() {
        await().atMost(PATIENCE).until(() -> producer.completeNext());
    }

    /** Lets the next record fail, once it was sent. */
    void refuse(RuntimeException why) {
        await().atMost(PATIENCE).until(() -> producer.errorNext(why));
    }

    /** What was written is what the next owner finds. */
    void handOver() {
        for (var record : written()) {
            var timestamp = record.timestamp();
            before.add(
                    new ConsumerRecord<>(
                            TOPIC,
                            0,
                            before.size(),
                            timestamp == null ? -1 : timestamp,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            record.key(),
                            record.value(),
                            record.headers(),
                            Optional.empty()));
        }
    }

    /** What the owner of now has written. */
    List<ProducerRecord<byte[], byte[]>> written() {
        return Stream.concat(discarded.stream(), producer.history().stream())
                .skip(before.size())
                .toList();
    }

    private List<DeadLetter> read() {
        return written().stream()
                .map(it ->
                        DeadLetter.read(
                                new ConsumerRecord<>(
                                        it.topic(),
                                        it.partition(),
                                        0,
                                        -1,
                                        TimestampType.CREATE_TIME,
                                        0,
                                        0,
                                        it.key(),
                                        it.value(),
                                        it.headers(),
                                        Optional.empty())))
                .toList();
    }

    /** Source offsets of what was written, once there are so many. */
    List<Long> awaitOffsets(int count) {
        await().atMost(PATIENCE).until(() -> written().size() >= count);
        return read().stream().map(DeadLetter::sourceOffset).toList();
    }

    List<String> reasons() {
        return read().stream().map(DeadLetter::reason).toList();
    }

    List<DeadLetter> letters(int count) {
        await().atMost(PATIENCE).until(() -> written().size() >= count);
        return read();
    }

    /** Dead letters that came to this, once there is one. */
    double awaitOutcome(String outcome) {
        await().atMost(PATIENCE).until(() -> outcomes(outcome) > 0);
        return outcomes(outcome);
    }

    private double outcomes(String outcome) {
        return meters.find(IngestMetrics.DEAD_LETTERS).tag("outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Commands that were passed by. */
    double counted() {
        return counted(IngestMetrics.COMMANDS_IGNORED);
    }

    /** Commands that were not there any more. */
    double expired() {
        return counted(IngestMetrics.COMMANDS_EXPIRED);
    }

    private double counted(String name) {
        return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
    }
}
