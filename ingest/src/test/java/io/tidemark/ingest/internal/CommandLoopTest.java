package io.tidemark.ingest.internal;

import static io.tidemark.ingest.internal.TestStreams.COMMANDS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

class CommandLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TopicPartition FIRST = new TopicPartition(COMMANDS, 0);
    private static final TopicPartition SECOND = new TopicPartition(COMMANDS, 1);

    private final Logger logger = (Logger) LoggerFactory.getLogger(CommandLoop.class);

    /** A consumer whose poll fails. */
    private static final class Failing extends MockConsumer<byte[], byte[]> {
        private final Throwable failure;

        Failing(Throwable failure) {
            super("earliest");
            this.failure = failure;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatItHasEndedWhateverEndedIt(boolean bug) throws Exception {
        var failure = bug ? new StackOverflowError("hunter2") : new KafkaException("hunter2");
        var consumer = new Failing(failure);
        var services =
                TestStreams.services(
                        new ResponsesApi(),
                        new MockProducer<>(
                                true, null, new ByteArraySerializer(), new ByteArraySerializer()));
        var loop =
                new CommandLoop(
                        config(),
                        consumer,
                        () -> consumer,
                        services,
                        new TestLetters().letters(),
                        TestStreams.CLOCK);

        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        logger.addAppender(logged);

        loop.run();

        logger.detachAppender(logged);
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getKeyValuePairs().getFirst().value)
                                .isEqualTo(failure.getClass().getName()));

        assertThat(loop.stopped().exceptionNow()).isSameAs(failure);
        assertThat(loop.awaitAssigned(Duration.ZERO)).isTrue();
        assertThat(consumer.closed()).isTrue();
    }

    private static LogConsumer fromCommands(MockProducer<byte[], byte[]> producer) {
        return new LogConsumer(producer, COMMANDS);
    }

    private static Consumer<byte[], byte[]> nobody() {
        throw new AssertionError("nothing is let go here");
    }

    /** Take what they are sent, until they are away. */
    private static final class Brokers extends MockProducer<byte[], byte[]> {
        private volatile Predicate<ProducerRecord<byte[], byte[]>> away = _ -> false;

        Brokers() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            return away.test(record) ? new CompletableFuture<>() : super.send(record, callback);
        }
    }

    /** A worker that is alone in its group, and its streams' provider, which never answers. */
    private final class Alone implements AutoCloseable {
        private final Brokers producer = new Brokers();
        private final LogConsumer consumer;
        private final ServerSocket provider;
        private final CommandLoop loop;
        private final Thread thread;

        Alone(
                Function<MockProducer<byte[], byte[]>, LogConsumer> group,
                Supplier<Consumer<byte[], byte[]>> readers,
                TopicPartition... given)
                throws IOException {
            this(config().withTimings(hasty()), group, readers, given);
        }

        Alone(
                IngestConfig config,
                Function<MockProducer<byte[], byte[]>, LogConsumer> group,
                Supplier<Consumer<byte[], byte[]>> readers,
                TopicPartition... given)
                throws IOException {
            consumer = group.apply(producer);
            provider = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            var beginnings = new HashMap<TopicPartition, Long>();
            for (var partition : given) {
                beginnings.put(partition, 0L);
            }
            consumer.updateBeginningOffsets(beginnings);
            consumer.schedulePollTask(() -> consumer.rebalance(List.of(given)));
            loop =
                    new CommandLoop(
                            config,
                            consumer,
                            readers,
                            TestStreams.services(
                                    new ResponsesApi(),
                                    producer,
                                    "http://127.0.0.1:" + provider.getLocalPort() + "/v1",
                                    () -> new LogConsumer(producer, "events")),
                            new TestLetters().letters(),
                            TestStreams.CLOCK);
            thread = Thread.ofPlatform().start(loop);
        }

        <T extends Command> List<T> written(Class<T> type) {
            return producer.history().stream()
                    .filter(record -> record.topic().equals(TestStreams.COMMANDS))
                    .map(record -> CommandCodec.decode(record.value()))
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }

        void awaitClaim(int partition) {
            await().atMost(PATIENCE)
                    .until(() ->
                            written(Command.Claim.class).stream()
                                    .anyMatch(claim -> claim.partition() == partition));
        }

        StreamId begin() {
            var id = TestStreams.mint();
            var _ = producer.send(CommandCodec.record(COMMANDS, TestStreams.start(id)));
            awaitLease(id);
            return id;
        }

        void awaitLease(StreamId id) {
            int before = written(Lease.class).size();
            await().atMost(PATIENCE)
                    .until(() ->
                            written(Lease.class).stream()
                                    .skip(before)
                                    .flatMap(lease -> lease.open().stream())
                                    .anyMatch(stream -> stream.requestId().equals(id)));
        }

        @Override
        public void close() throws IOException {
            loop.kill();
            await().atMost(PATIENCE).until(() -> !thread.isAlive());
            provider.close();
        }
    }

    private static IngestTimings hasty() {
        return timings(Duration.ofMillis(20), Duration.ofSeconds(10));
    }

    private static IngestTimings timings(Duration leaseInterval, Duration revoke) {
        var other = IngestTimings.defaults();
        return new IngestTimings(
                Duration.ofSeconds(1),
                leaseInterval,
                other.commitInterval(),
                other.delivery(),
                other.drain(),
                revoke,
                other.session(),
                other.clockSkew(),
                Duration.ofMillis(1),
                other.disconnectGrace());
    }

    @Test
    void leasesAreWrittenInTimeWhateverTheLoopWaitsFor() throws Exception {
        var released = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        try (var worker =
                new Alone(CommandLoopTest::fromCommands, CommandLoopTest::nobody, FIRST)) {
            worker.awaitClaim(0);
            var id = worker.begin();
            worker.consumer.schedulePollTask(() -> {
                waits.countDown();
                await().atMost(PATIENCE).until(() -> released.getCount() == 0);
            });
            assertThat(waits.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            worker.awaitLease(id);
            worker.awaitLease(id);

            released.countDown();
        }
    }

    @Test
    void streamsGoOnWhenTheCommandsOfTheirPartitionCannotBeReadAnyMore() throws Exception {
        var asked = new AtomicInteger();
        Supplier<Consumer<byte[], byte[]>> none =
                () -> {
                    asked.incrementAndGet();
                    throw new KafkaException("Failed to construct kafka consumer");
                };
        try (var worker = new Alone(CommandLoopTest::fromCommands, none, FIRST)) {
            worker.awaitClaim(0);
            var id = worker.begin();

            worker.consumer.schedulePollTask(() -> worker.consumer.rebalance(List.of()));

            await().atMost(PATIENCE).until(() -> asked.get() > 2);
            worker.awaitLease(id);
            assertThat(worker.loop.stopped()).isNotDone();
        }
    }

    /** A member that does not learn where the first partition it asks for is read. */
    private static final class HalfAway extends LogConsumer {
        private @Nullable TopicPartition away;

        HalfAway(MockProducer<byte[], byte[]> producer) {
            super(producer, COMMANDS);
        }

        @Override
        public synchronized long position(TopicPartition partition, Duration longest) {
            away = away == null ? partition : away;
            if (partition.equals(away)) {
                throw new TimeoutException("no leader");
            }
            return super.position(partition, longest);
        }
    }

    @Test
    void aPartitionThatIsNotToBeReachedKeepsNoOtherWaiting() throws Exception {
        try (var worker = new Alone(HalfAway::new, CommandLoopTest::nobody, FIRST, SECOND)) {
            await().atMost(PATIENCE).until(() -> !worker.written(Command.Claim.class).isEmpty());
        }
    }

    @Test
    void aPartitionThatIsNotToBeReachedKeepsAWorkerFromNothing() throws Exception {
        try (var worker = new Alone(HalfAway::new, CommandLoopTest::nobody, FIRST, SECOND)) {
            assertThat(worker.loop.awaitAssigned(PATIENCE)).isTrue();
        }
    }

    private static boolean isLease(ProducerRecord<byte[], byte[]> record) {
        return record.topic().equals(COMMANDS)
                && CommandCodec.decode(record.value()) instanceof Lease;
    }

    /* It is ours still, so what it says in time is as good as what it says before it lets go. */
    @Test
    void aPartitionThatIsClaimedAgainWaitsForNoLease() throws Exception {
        var patient = config().withTimings(timings(Duration.ofMillis(20), Duration.ofMinutes(5)));
        try (var worker =
                new Alone(
                        patient,
                        CommandLoopTest::fromCommands,
                        () -> fromCommands(new Brokers()),
                        FIRST)) {
            worker.awaitClaim(0);
            worker.begin();
            worker.producer.away = CommandLoopTest::isLease;

            var _ =
                    worker.producer.send(
                            CommandCodec.record(COMMANDS, new Command.Claim(0, 0, "worker-2")));

            await().atMost(PATIENCE)
                    .until(() ->
                            worker.written(Command.Claim.class).stream()
                                            .filter(claim -> claim.worker().equals("worker-1"))
                                            .count()
                                    == 2);
        }
    }

    /* Nobody writes it: whoever waited for the lease to lapse would wait for nothing. */
    @Test
    void theLastLeaseNamesNothingThatWaitsForRoom() throws Exception {
        var first = TestStreams.mint();
        var second = TestStreams.mint();
        Function<MockProducer<byte[], byte[]>, LogConsumer> backlog =
                producer -> {
                    for (var id : List.of(first, second)) {
                        var _ = producer.send(CommandCodec.record(COMMANDS, TestStreams.start(id)));
                    }
                    return fromCommands(producer);
                };
        var quiet = timings(Duration.ofHours(1), Duration.ofSeconds(10));
        try (var worker =
                new Alone(
                        config().withTimings(quiet).withLimits(oneStream()),
                        backlog,
                        () -> fromCommands(new Brokers()),
                        FIRST)) {
            await().atMost(PATIENCE)
                    .until(() ->
                            worker.written(Lease.class).stream()
                                    .anyMatch(lease -> lease.open().size() == 2));
            int before = worker.written(Lease.class).size();

            worker.consumer.schedulePollTask(() -> worker.consumer.rebalance(List.of()));

            await().atMost(PATIENCE).until(() -> worker.written(Lease.class).size() > before);
            assertThat(worker.written(Lease.class).getLast().open())
                    .extracting(Command.OpenStream::requestId)
                    .containsExactly(first);
        }
    }

    private static IngestLimits oneStream() {
        var other = IngestLimits.defaults();
        return new IngestLimits(
                1,
                other.eventBytesMax(),
                other.frameBytesMax(),
                other.errorBodyBytesMax(),
                other.idsRememberedMax(),
                other.backlogStreamsMax(),
                other.takeoversMax(),
                other.response());
    }

    /** A member whose group does not answer: all that waits for it waits as long as it may. */
    private static final class Unanswered extends LogConsumer {
        private final CountDownLatch answer = new CountDownLatch(1);

        Unanswered(MockProducer<byte[], byte[]> producer) {
            super(producer, COMMANDS);
        }

        private void await(Duration longest) {
            try {
                boolean _ = answer.await(longest.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration longest) {
            await(longest);
            throw new TimeoutException("no coordinator");
        }

        @Override
        public void close(CloseOptions how) {
            await(how.timeout().orElseThrow());
            super.close(how);
        }
    }

    /* A lease, a commit, the group and the end of a stream: all of them wait for Kafka. */
    @Test
    void closingTakesNoLongerThanItsTimeThoughKafkaAnswersNothing() throws Exception {
        Supplier<Consumer<byte[], byte[]>> none =
                () -> {
                    throw new KafkaException("Failed to construct kafka consumer");
                };
        try (var worker = new Alone(Unanswered::new, none, FIRST)) {
            worker.awaitClaim(0);
            worker.begin();
            worker.producer.away = _ -> true;
            var step = Duration.ofMillis(100);
            var time =
                    new Closing(System::nanoTime, System.nanoTime(), step, step, step, step, step);

            worker.loop.drain(time);

            assertThat(worker.thread.join(PATIENCE)).isTrue();
            assertThat(worker.loop.stopped()).isCompleted();
        }
    }

    private static IngestConfig config() {
        var provider =
                ProviderConfig.of(
                        "openai",
                        List.of(ResponsesApi.NAME),
                        URI.create("http://127.0.0.1:9/v1"),
                        null);
        return IngestConfig.of(
                Map.of("bootstrap.servers", "localhost:9092"),
                Topics.defaults(),
                "worker-1",
                List.of(provider));
    }
}
