package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

class OwnedPartitionTest {
    private static final String TOPIC = TestStreams.COMMANDS;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(4);

    private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final StreamServices services = TestStreams.services(new Crashing(), producer);
    private final StreamLauncher launcher = new StreamLauncher(services, loop::add, 10);
    private final LogConsumer scanner = new LogConsumer(producer, "events");
    private final StreamId id = TestStreams.mint();
    private final TestLetters letters = new TestLetters();
    private final LeaseKeeper leases =
            new LeaseKeeper(
                    services.log().producer(),
                    TOPIC,
                    "worker-1",
                    IngestTimings.defaults(),
                    TestStreams.CLOCK);

    /** An API that no stream of it survives. */
    private static class Crashing implements ProviderApi {
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
    private OwnedPartition partition(long from, long epoch) {
        for (long offset = 0; offset < epoch; offset++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        var partition = unclaimed(from);
        partition.claim();
        told().run();
        return partition;
    }

    private OwnedPartition unclaimed(long from) {
        return unclaimed(from, IngestLimits.defaults(), _ -> {});
    }

    private OwnedPartition unclaimed(long from, IngestLimits limits, LongConsumer seek) {
        return unclaimed(from, limits, launcher, seek);
    }

    private OwnedPartition unclaimed(long from, StreamLauncher with, Presences presences) {
        return unclaimed(from, IngestLimits.defaults(), with, presences, _ -> {});
    }

    private OwnedPartition unclaimed(
            long from, IngestLimits limits, StreamLauncher with, LongConsumer seek) {
        return unclaimed(from, limits, with, new Presences(GRACE), seek);
    }

    private OwnedPartition unclaimed(
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
    private StreamLauncher readable() {
        return readable(new Crashing(), () -> scanner);
    }

    private StreamLauncher readable(ProviderApi api, Supplier<Consumer<byte[], byte[]>> scanners) {
        return new StreamLauncher(
                TestStreams.services(api, producer, "http://127.0.0.1:9/v1", scanners),
                loop::add,
                10);
    }

    private ConsumerRecord<byte[], byte[]> start(long offset) {
        return at(offset, TestStreams.start(id));
    }

    private ConsumerRecord<byte[], byte[]> done(long offset, long epoch) {
        return at(offset, new Command.Done(id, 0, "w", Attempt.first(epoch), 3));
    }

    private static ConsumerRecord<byte[], byte[]> claim(long offset) {
        return at(offset, new Command.Claim(0, 0, "w"));
    }

    private static ConsumerRecord<byte[], byte[]> at(long offset, Command command) {
        var record = CommandCodec.record(TOPIC, command);
        return new ConsumerRecord<>(TOPIC, 0, offset, record.key(), record.value());
    }

    private static ConsumerRecord<byte[], byte[]> at(long offset, long timestamp, Command command) {
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

    private static ConsumerRecord<byte[], byte[]> poison(long offset) {
        return new ConsumerRecord<>(TOPIC, 0, offset, new byte[1], new byte[1]);
    }

    private Runnable told() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !loop.isEmpty());
        return loop.remove();
    }

    @Test
    void readsNothingBeforeItsClaimIsInTheLog() {
        var partition = unclaimed(5);
        assertThat(partition.paused()).isTrue();
        assertThat(partition.take(start(5))).isFalse();

        partition.claim();
        assertThat(partition.paused()).isTrue();
        told().run();

        assertThat(partition.paused()).isFalse();
        assertThat(producer.history().getLast())
                .satisfies(claim -> assertThat(claim.partition()).isZero())
                .extracting(claim -> CommandCodec.decode(claim.value()))
                .isInstanceOf(Command.Claim.class);
    }

    @Test
    void takesAStartBehindItsClaimForItsOwn() {
        var partition = partition(5, 6);
        assertThat(partition.take(claim(6))).isTrue();

        assertThat(partition.take(start(7))).isTrue();

        assertThat(partition.runs())
                .singleElement()
                .extracting(run -> run.open().authority())
                .isEqualTo(Attempt.first(6));
    }

    @Test
    void takesNothingBehindTheClaimOfAnother() {
        var partition = partition(5, 5);
        assertThat(partition.take(claim(5))).isTrue();
        assertThat(partition.isOutranked()).isFalse();

        assertThat(partition.take(claim(6))).isFalse();

        assertThat(partition.isOutranked()).isTrue();
        assertThat(partition.paused()).isTrue();
        assertThat(partition.take(start(7))).isFalse();
        assertThat(partition.runs()).isEmpty();
        assertThat(partition.watermark()).isEqualTo(6);
    }

    @Test
    void passesAStartWithItsWatermarkWhenItReadsItsOwnDoneRecord() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(start(6));
        told().run();
        assertThat(partition.watermark()).isEqualTo(6);

        partition.take(done(7, 5));

        assertThat(partition.watermark()).isEqualTo(8);
    }

    /* What it says has ended may have been ended for nobody but itself. */
    @Test
    void doesNotPassAStartForTheDoneRecordOfAnOwnerBefore() {
        var partition = partition(5, 9);
        partition.take(claim(5));
        partition.take(start(6));
        var open = List.of(new Command.OpenStream(id, Attempt.first(5), 0, -1));
        partition.take(at(7, new Command.Lease(0, 0, "w", 6000L, open)));
        partition.take(claim(9));
        partition.reached(10);

        partition.take(done(10, 5));

        assertThat(partition.watermark()).isEqualTo(6);
        partition.tend();
        assertThatThrownBy(told()::run)
                .as("it is taken over at once")
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void letsGoOfARunThatFailedAndKeepsItsPlaceInTheLog() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        assertThat(partition.take(start(7))).isTrue();

        told().run();

        assertThat(partition.runs()).isEmpty();
        assertThat(partition.vouched().lease()).isEmpty();
        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.take(start(8))).isTrue();
        assertThat(partition.runs()).isEmpty();
    }

    @Test
    void setsASecondStartAsideWhetherTheFirstIsOpenOrHasEnded() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        assertThat(partition.take(start(7))).isTrue();
        told().run();
        assertThat(partition.take(start(8))).isTrue();

        assertThat(letters.awaitOffsets(2)).containsExactly(7L, 8L);
        assertThat(letters.reasons()).containsOnly("duplicate");
    }

    @Test
    void setsASecondStartOfTheBacklogAsideAndTakesTheFirstOver() {
        var partition = partition(0, 2);
        assertThat(partition.take(start(0))).isTrue();
        assertThat(partition.take(start(1))).isTrue();
        partition.take(claim(2));
        partition.reached(3);

        assertThat(letters.awaitOffsets(1)).containsExactly(1L);
        assertThat(partition.watermark()).isZero();
    }

    @Test
    void setsNothingAsideOnceThePartitionIsSomebodyElses() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        var departed = partition.depart();

        departed.take(poison(7));

        assertThat(letters.counted()).isZero();
    }

    /* Hours of commands may lie between, and a cancel behind them is seen late. */
    @Test
    void aPartitionThatWasLetGoIsReadFromWhereWeHadCome() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(start(6));
        told().run();
        partition.take(at(7, new Command.Cancel(TestStreams.mint(), 0)));

        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.depart().from()).isEqualTo(8);
    }

    /* Its owner may be gone before the rest fits: then the next one would pass by what is skipped. */
    @Test
    void setsAsideInOrderWhatLiesBehindABacklogThatDidNotFit() {
        var partition = unclaimed(0, backlogOf(1), _ -> {});
        for (int i = 0; i < 4; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        partition.claim();
        told().run();
        var second = TestStreams.start(TestStreams.mint());
        partition.take(start(0));
        partition.take(at(1, lease(id)));
        partition.take(at(2, second));
        partition.take(at(3, second));
        partition.take(poison(4));
        partition.take(claim(5));
        assertThat(letters.counted()).isZero();

        partition.reached(6);
        partition.take(at(2, second));
        partition.take(at(3, second));
        partition.take(poison(4));

        assertThat(letters.awaitOffsets(2)).containsExactly(3L, 4L);
        assertThat(letters.counted()).isEqualTo(2);
    }

    @Test
    void theWatermarkDoesNotPassWhatIsNotSetAsideYet() {
        letters.hold();
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(poison(6))).isTrue();

        assertThat(partition.watermark()).isEqualTo(6);

        letters.acknowledge();
        await().atMost(Duration.ofSeconds(10)).until(() -> partition.watermark() == 7);
    }

    /* A commit that passes it would leave it to nobody. */
    @Test
    void theWatermarkOfAnOutrankedPartitionDoesNotPassWhatIsNotSetAsideYet() {
        letters.hold();
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(poison(6));
        assertThat(partition.take(claim(7))).isFalse();

        assertThat(partition.isOutranked()).isTrue();
        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.depart().from()).isEqualTo(7);
    }

    /* They hold leases, so nobody reads their starts again, and with them what is behind. */
    @Test
    void readsOnBehindABacklogThatWasFullOfLeasedStreams() {
        var sought = new ArrayList<Long>();
        var partition = unclaimed(0, backlogOf(1), sought::add);
        for (int i = 0; i < 4; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        partition.claim();
        told().run();
        var second = TestStreams.mint();
        var lease =
                new Command.Lease(
                        0,
                        0,
                        "w",
                        6000L,
                        List.of(new Command.OpenStream(id, Attempt.first(0), 0, -1)));
        partition.take(start(0));
        partition.take(at(1, TestStreams.start(second)));
        partition.take(at(2, lease));
        partition.take(claim(4));

        partition.reached(5);

        assertThat(sought).containsExactly(1L);
        partition.take(at(1, TestStreams.start(second)));
        partition.take(at(2, lease));
        partition.take(claim(4));
        partition.reached(5);
        assertThat(partition.watermark()).isZero();
        assertThatThrownBy(told()::run)
                .as("the second is taken over")
                .isInstanceOf(StackOverflowError.class);
    }

    private OwnedPartition inheriting(StreamLauncher with, List<Long> sought) {
        var partition = unclaimed(0, IngestLimits.defaults(), with, sought::add);
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        partition.claim();
        told().run();
        return partition;
    }

    /* If we die before it goes on, whose fence it was must be known, and the writer before told. */
    @Test
    void vouchesForAStreamAsSoonAsItIsFenced() {
        var sought = new ArrayList<Long>();
        var partition = inheriting(readable(), sought);
        partition.take(start(0));
        partition.take(claim(1));
        partition.reached(2);

        told().run();

        assertThat(sought).containsExactly(0L);
        assertThat(partition.runs()).isEmpty();
        assertThat(partition.vouched().lease().orElseThrow().open())
                .containsExactly(new Command.OpenStream(id, new Attempt(1, 2), 0, -1));
        partition.depart();
        assertThat(partition.vouched().lease()).isEmpty();
    }

    /* By then the next owner may have let somebody go on whom it would cut off. */
    @Test
    void writesNoFenceWhenThePartitionWasLetGoMeanwhile() throws Exception {
        var asked = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        Supplier<Consumer<byte[], byte[]>> late =
                () -> {
                    asked.countDown();
                    await().atMost(PATIENCE).until(() -> letGo.getCount() == 0);
                    return scanner;
                };
        var partition = inheriting(readable(new Crashing(), late), new ArrayList<>());
        partition.take(start(0));
        partition.take(claim(1));
        partition.reached(2);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        partition.depart();
        letGo.countDown();

        await().atMost(PATIENCE).until(scanner::closed);
        assertThat(producer.history()).noneMatch(record -> record.topic().equals("events"));
        assertThat(loop).isEmpty();
    }

    private static Command.Lease lease(StreamId stream) {
        return new Command.Lease(
                0, 0, "w", 6000L, List.of(new Command.OpenStream(stream, Attempt.first(0), 2, 1)));
    }

    private static Command.Lease time() {
        return new Command.Lease(0, 0, "w", null, List.of());
    }

    /** Of the commands before the claim at 5 retention has left a lease at 3, which lapses. */
    private OwnedPartition withoutStart(List<Long> sought) {
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

    private List<EventBody> events() {
        return producer.history().stream()
                .filter(record -> record.topic().equals("events") && record.value() != null)
                .map(record -> EventCodec.decode(record.value()).body())
                .toList();
    }

    @Test
    void endsAStreamOfWhichOnlyALeaseIsLeft() {
        for (var body : List.of(TestStreams.started(1), TestStreams.text("a"))) {
            var event = TestStreams.event(id, events().size(), body);
            var _ = producer.send(EventRecord.of("events", event, Attempt.first(0), null));
        }
        var sought = new ArrayList<Long>();
        var partition = withoutStart(sought);
        assertThat(letters.expired()).isEqualTo(3);
        told().run();
        assertThat(sought).containsExactly(0L);

        partition.reached(8);
        told().run();

        assertThat(partition.runs()).isEmpty();
        assertThat(events()).hasSize(4);
        assertThat(events().get(2)).isInstanceOf(ContentCompleted.class);
        assertThat(events().getLast()).isEqualTo(UpstreamPump.aborted(true));
        assertThat(partition.watermark()).as("until its done record is read").isZero();
        partition.take(at(8, CommandCodec.decode(producer.history().getLast().value())));
        assertThat(partition.watermark()).isEqualTo(9);
    }

    /* A reader is never left waiting for what cannot come. */
    @Test
    void beginsAndEndsAStreamWithoutAnEventOfWhichOnlyALeaseIsLeft() {
        var partition = withoutStart(new ArrayList<>());
        told().run();

        partition.reached(8);
        told().run();

        assertThat(events()).hasSize(2);
        assertThat(events().getFirst())
                .isInstanceOfSatisfying(
                        Started.class,
                        started -> {
                            assertThat(started.provider()).isEqualTo(ExpiredStart.UNKNOWN);
                            assertThat(started.model()).isEqualTo(ExpiredStart.UNKNOWN);
                        });
        assertThat(events().getLast()).isEqualTo(UpstreamPump.aborted(false));
    }

    @Test
    void honoursACancelOfAStreamOfWhichOnlyALeaseIsLeft() {
        var partition = withoutStart(new ArrayList<>());
        partition.take(at(8, 9_000, new Command.Cancel(id, 0)));
        told().run();

        partition.reached(9);
        told().run();

        assertThat(events().getLast()).isEqualTo(UpstreamPump.cancelled(StopReason.CANCELLED));
    }

    @Test
    void tellsOfCommandsThatWereRemovedBeforeItReadThem() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.reached(6);
        assertThat(letters.expired()).isZero();

        assertThat(partition.take(start(9))).isTrue();

        assertThat(letters.expired()).isEqualTo(3);
        assertThat(partition.runs()).hasSize(1);
    }

    /* It is another log, or has lost its end: what is open in it would be passed by. */
    @Test
    void readsAllOfALogThatEndsBeforeTheCommittedOffset() {
        var sought = new ArrayList<Long>();
        var partition = unclaimed(100, IngestLimits.defaults(), sought::add);
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        partition.claim();
        told().run();

        assertThat(sought).containsExactly(0L);
        assertThat(partition.watermark()).isZero();
        partition.take(start(0));
        partition.take(claim(1));
        partition.reached(2);
        assertThat(partition.paused()).as("a stream is taken over").isTrue();
    }

    private void forge(StreamId stream) {
        var _ = producer.send(EventRecord.fence("events", stream, new Attempt(Long.MAX_VALUE, 1)));
    }

    /* Whoever tried to outrank it would claim the partition again and again, and open nothing. */
    @Test
    void aForgedEpochHoldsNoOtherStreamUp() {
        var other = TestStreams.mint();
        forge(id);
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        var sought = new ArrayList<Long>();
        var partition = inheriting(readable(), sought);
        partition.take(start(0));
        partition.take(at(1, TestStreams.start(other)));
        partition.take(claim(2));
        partition.reached(3);

        told().run();

        assertThat(sought).containsExactly(1L);
        assertThat(partition.take(at(1, TestStreams.start(other)))).isTrue();
        assertThat(partition.runs()).extracting(StreamRun::id).containsExactly(other);
        assertThat(partition.isOutranked()).isFalse();
        assertThat(partition.watermark()).isZero();
    }

    @Test
    void takesNewStartsThoughAllThatItInheritsIsForged() {
        forge(id);
        var partition = inheriting(readable(), new ArrayList<>());
        partition.take(start(0));
        partition.take(claim(1));
        partition.reached(2);

        told().run();

        assertThat(partition.paused()).isFalse();
        assertThat(partition.take(at(2, TestStreams.start(TestStreams.mint())))).isTrue();
        assertThat(partition.runs()).hasSize(1);
        assertThat(partition.take(start(3))).isTrue();
        assertThat(letters.awaitOffsets(1)).containsExactly(3L);
    }

    /* Whether it is the worker or the stream that is at fault, the second time shows. */
    @Test
    void takesAStreamOverThatFailedOnce() {
        var sought = new ArrayList<Long>();
        var partition = inheriting(readable(), sought);
        partition.take(claim(1));
        partition.take(start(2));
        told().run();
        assertThat(partition.runs()).isEmpty();

        partition.tend();
        told().run();

        assertThat(sought).containsExactly(2L);
        assertThat(partition.take(start(2))).isTrue();
        assertThat(partition.runs())
                .singleElement()
                .extracting(run -> run.open().authority())
                .isEqualTo(new Attempt(1, 2));
    }

    /* Whoever asked for its end is not asked again. */
    @Test
    void aStreamThatFailedAfterItWasCancelledIsCancelledWhenItIsTakenOver() throws Exception {
        var asked = new CountDownLatch(1);
        var crash = new CountDownLatch(1);
        var late =
                new Crashing() {
                    @Override
                    public Preparation prepare(@Nullable JsonNode request) {
                        asked.countDown();
                        await().atMost(PATIENCE).until(() -> crash.getCount() == 0);
                        return super.prepare(request);
                    }
                };
        var with = readable(late, () -> scanner);
        var streams = new PartitionStreams(with, new Presences(GRACE), leases.vouch(0), 10);
        streams.open(TestStreams.start(id), 5, null, false);
        assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        streams.cancel(id);
        crash.countDown();
        told().run();
        assertThat(streams.takeFailed()).hasSize(1);

        streams.open(
                TestStreams.start(id),
                5,
                new Inherited(new Attempt(5, 2), 1, false, new OpenContent()),
                false);
        told().run();

        assertThat(terminal().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void leavesAStreamThatFailedTwiceToTheNextOwner() {
        var streams = new PartitionStreams(launcher, new Presences(GRACE), leases.vouch(0), 10);
        streams.open(TestStreams.start(id), 5, null, false);
        told().run();
        assertThat(streams.takeFailed()).extracting(Orphan::id).containsExactly(id);

        streams.open(TestStreams.start(id), 5, null, false);
        told().run();

        assertThat(streams.takeFailed()).isEmpty();
        assertThat(streams.knows(id)).isTrue();
    }

    /* It ends under the attempt of its own fence, which is above the one it wrote under. */
    @Test
    void doesNotTakeItsOwnDoneRecordForThatOfAnother() {
        var faulty =
                new Crashing() {
                    @Override
                    public Preparation prepare(@Nullable JsonNode request) {
                        throw new IllegalStateException("a bug");
                    }
                };
        var partition = inheriting(readable(faulty, () -> scanner), new ArrayList<>());
        partition.take(claim(1));
        partition.take(start(2));
        var departed = partition.depart();
        var finished = told();
        var done = CommandCodec.decode(producer.history().getLast().value());
        assertThat(done)
                .isInstanceOfSatisfying(
                        Command.Done.class,
                        it -> assertThat(it.authority()).isEqualTo(new Attempt(1, 2)));

        departed.take(at(3, done));

        assertThat(departed.isOver()).isFalse();
        finished.run();
        assertThat(departed.isOver()).isTrue();
    }

    @Test
    void cancelsAStreamThatNobodyReadsAnyMoreAndForgetsItsReaders() throws Exception {
        try (var provider = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var url = "http://127.0.0.1:" + provider.getLocalPort() + "/v1";
            var with =
                    new StreamLauncher(
                            TestStreams.services(new ResponsesApi(), producer, url), loop::add, 10);
            var presences = new Presences(GRACE);
            var partition = unclaimed(0, with, presences);
            partition.claim();
            told().run();
            partition.take(at(0, 1_000, new Command.Claim(0, 0, "w")));
            partition.take(at(1, 1_000, TestStreams.start(id, OnDisconnect.CANCEL)));
            var run = partition.runs().iterator().next();
            partition.take(at(2, 2_000, new Command.Presence(id, 0, "edge-1", 1, 3_000L)));
            partition.take(at(3, 5_000, new Command.Lease(0, 0, "w", null, List.of())));
            partition.take(at(4, 9_000, new Command.Lease(0, 0, "w", null, List.of())));
            assertThat(run.awaitOver(Duration.ZERO)).isFalse();

            partition.take(at(5, 9_001, new Command.Lease(0, 0, "w", null, List.of())));

            assertThat(run.awaitOver(PATIENCE)).isTrue();
            assertThat(terminal().finishReason()).isEqualTo("disconnected");
            presences.watch(TestStreams.start(id, OnDisconnect.CANCEL), false);
            told().run();
            assertThat(partition.runs()).isEmpty();
            assertThat(presences.read(14_000, new Command.Claim(0, 0, "w"))).isEmpty();
        }
    }

    private Completed terminal() {
        return (Completed)
                producer.history().stream()
                        .filter(record -> record.topic().equals("events"))
                        .map(record -> EventCodec.decode(record.value()).body())
                        .reduce((_, last) -> last)
                        .orElseThrow();
    }

    private static IngestLimits backlogOf(int streamsMax) {
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

    @Test
    void endsTheLoopWhenATakeoverCannotGoOn() {
        var partition = partition(0, 1);
        assertThat(partition.take(start(0))).isTrue();
        assertThat(partition.take(claim(1))).isTrue();
        partition.reached(2);
        assertThat(partition.paused()).isTrue();

        assertThatThrownBy(told()::run).isInstanceOf(StackOverflowError.class);
    }
}
