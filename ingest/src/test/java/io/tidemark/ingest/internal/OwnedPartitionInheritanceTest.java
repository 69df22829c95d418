package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What becomes of the streams that a partition comes with. */
class OwnedPartitionInheritanceTest extends OwnedPartitionHarness {
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
                new Inherited(new Attempt(5, 2), 1, false, false, new OpenContent()),
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
