package io.tidemark.ingest.internal;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A partition with everything around it, whose loop and threads a test runs by itself. */
abstract class OwnedPartitionHarness {
    static final String TOPIC = TestStreams.COMMANDS;
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final Duration GRACE = Duration.ofSeconds(4);

    final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    final StreamServices services = TestStreams.services(new Crashing(), producer);
    final StreamLauncher launcher = new StreamLauncher(services, loop::add, 10);
    final LogConsumer scanner = new LogConsumer(producer, "events");
    final StreamId id = TestStreams.mint();
    final TestLetters letters = new TestLetters();
    final LeaseKeeper leases =
            new LeaseKeeper(
                    services.log().producer(),
                    TOPIC,
                    "worker-1",
                    IngestTimings.defaults(),
                    TestStreams.CLOCK);

    /** An API that no stream of it survives. */
    static class Crashing implements ProviderApi {
        @Override
        public String name() {
            return "openai.responses";
        }

        @Override
        public Preparation prepare(@Nullable JsonNode request) {
            throw new StackOverflowError("crash");
        }

        @Override
        public ObjectNode translate(NeutralRequest request) {
            throw new AssertionError("nothing is translated here");
        }

        @Override
        public Normaliser normaliser(NormaliserContext context) {
            throw new StackOverflowError("crash");
        }
    }

    /**
     * A partition that was claimed, with the claim at that offset, as everything before it is the
     * backlog.
     */
    OwnedPartition partition(long from, long epoch) {
        for (long offset = 0; offset < epoch; offset++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        var partition = unclaimed(from);
        partition.claim();
        told().run();
        return partition;
    }

    OwnedPartition unclaimed(long from) {
        return unclaimed(from, IngestLimits.defaults(), _ -> {});
    }

    OwnedPartition unclaimed(long from, IngestLimits limits, LongConsumer seek) {
        return unclaimed(from, limits, launcher, seek);
    }

    OwnedPartition unclaimed(long from, StreamLauncher with, Presences presences) {
        return unclaimed(from, IngestLimits.defaults(), with, presences, _ -> {});
    }

    OwnedPartition unclaimed(
            long from, IngestLimits limits, StreamLauncher with, LongConsumer seek) {
        return unclaimed(from, limits, with, new Presences(GRACE), seek);
    }

    OwnedPartition unclaimed(
            long from,
            IngestLimits limits,
            StreamLauncher with,
            Presences presences,
            LongConsumer seek) {
        return new OwnedPartition(
                0,
                from,
                limits,
                with,
                new Intake(0, Duration.ofMinutes(1), letters.source()),
                new PartitionStreams(with, presences, leases.vouch(0), limits.idsRememberedMax()),
                seek);
    }

    /** Launches streams in a log that can be read back. */
    StreamLauncher readable() {
        return readable(new Crashing(), () -> scanner);
    }

    StreamLauncher readable(ProviderApi api, Supplier<Consumer<byte[], byte[]>> scanners) {
        return new StreamLauncher(
                TestStreams.services(api, producer, "http://127.0.0.1:9/v1", scanners),
                loop::add,
                10);
    }

    ConsumerRecord<byte[], byte[]> start(long offset) {
        return at(offset, TestStreams.start(id));
    }

    ConsumerRecord<byte[], byte[]> done(long offset, long epoch) {
        return at(offset, new Command.Done(id, 0, "w", Attempt.first(epoch), 3));
    }

    static ConsumerRecord<byte[], byte[]> claim(long offset) {
        return at(offset, new Command.Claim(0, 0, "w"));
    }

    static ConsumerRecord<byte[], byte[]> at(long offset, Command command) {
        var record = CommandCodec.record(TOPIC, command);
        return new ConsumerRecord<>(TOPIC, 0, offset, record.key(), record.value());
    }

    static ConsumerRecord<byte[], byte[]> at(long offset, long timestamp, Command command) {
        var record = CommandCodec.record(TOPIC, command);
        return new ConsumerRecord<>(
                TOPIC,
                0,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty());
    }

    static ConsumerRecord<byte[], byte[]> poison(long offset) {
        return new ConsumerRecord<>(TOPIC, 0, offset, new byte[1], new byte[1]);
    }

    Runnable told() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !loop.isEmpty());
        return loop.remove();
    }

    OwnedPartition inheriting(StreamLauncher with, List<Long> sought) {
        var partition = unclaimed(0, IngestLimits.defaults(), with, sought::add);
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        partition.claim();
        told().run();
        return partition;
    }

    static Command.Lease lease(StreamId stream) {
        return new Command.Lease(
                0, 0, "w", 6000L, List.of(new Command.OpenStream(stream, Attempt.first(0), 2, 1)));
    }

    static Command.Lease time() {
        return new Command.Lease(0, 0, "w", null, List.of());
    }

    /** Of the commands before the claim at 5 retention has left a lease at 3, which lapses. */
    OwnedPartition withoutStart(List<Long> sought) {
        for (int i = 0; i < 4; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        var partition = inheriting(readable(), sought);
        partition.take(at(3, 1_000, lease(id)));
        partition.take(at(5, 1_000, new Command.Claim(0, 0, "w")));
        partition.reached(6);
        partition.take(at(6, 5_000, time()));
        partition.take(at(7, 9_000, time()));
        partition.tend();
        return partition;
    }

    List<EventBody> events() {
        return producer.history().stream()
                .filter(record -> record.topic().equals("events") && record.value() != null)
                .map(record -> EventCodec.decode(record.value()).body())
                .toList();
    }

    void forge(StreamId stream) {
        var _ = producer.send(EventRecord.fence("events", stream, new Attempt(Long.MAX_VALUE, 1)));
    }

    Completed terminal() {
        return (Completed)
                producer.history().stream()
                        .filter(record -> record.topic().equals("events"))
                        .map(record -> EventCodec.decode(record.value()).body())
                        .reduce((_, last) -> last)
                        .orElseThrow();
    }

    static IngestLimits backlogOf(int streamsMax) {
        var other = IngestLimits.defaults();
        return new IngestLimits(
                other.streamsMax(),
                other.eventBytesMax(),
                other.frameBytesMax(),
                other.errorBodyBytesMax(),
                other.idsRememberedMax(),
                streamsMax,
                other.takeoversMax(),
                other.response());
    }
}
