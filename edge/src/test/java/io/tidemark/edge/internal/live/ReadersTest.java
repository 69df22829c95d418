package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.internal.live.Readers.Room;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ReadersTest {
    private final EdgeMetrics metrics = new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK);
    private final Window window =
            new Window(1, Duration.ZERO, 1_000_000, 100, Records.CLOCK, metrics);
    private final SparseIndex index =
            new SparseIndex(1, Duration.ZERO, 1_000_000, 4, Records.CLOCK, metrics);
    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingSink sink = new RecordingSink();
    private final List<String> told = new ArrayList<>();
    private final Attendance attendance =
            new Attendance() {
                @Override
                public void came(StreamId id) {
                    told.add("came");
                }

                @Override
                public void learnt(StreamId id, boolean matters) {
                    told.add("learnt " + matters);
                }

                @Override
                public void ended(StreamId id) {
                    told.add("ended");
                }

                @Override
                public void left(StreamId id) {
                    told.add("left");
                }
            };

    private final ErasedStreams erased = new ErasedStreams(10, Duration.ofDays(10), metrics);

    private Readers readers(CatchUp catchUp) {
        var manners =
                new Manners(Duration.ZERO, Duration.ofHours(1), Duration.ofDays(1), new Random(1));
        return new Readers(
                window,
                index,
                catchUp,
                manners,
                metrics,
                Records.CLOCK,
                attendance,
                erased,
                new Readers.Limits(4, 2));
    }

    private Reader client(Readers readers, StreamId id, RecordingSink into) {
        assertThat(readers.take(null)).isEqualTo(Room.FREE);
        return readers.client(id, null, 0, new Loop(executor), into);
    }

    private static EventLog noLog(int number) {
        throw new AssertionError("nobody reads, asked for " + number);
    }

    @Test
    void aReaderThatIsMadeWhileTheEdgeDrainsIsSentAway() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            readers.drain();
            client(readers, id, sink).start();
            assertThat(sink.opened).isTrue();

            executor.runAll();

            assertThat(sink.ended).isTrue();
            assertThat(sink.controls.getLast()).startsWith("retry: ");
            assertThat(readers.size()).isZero();
        }
    }

    @Test
    void whoLeavesWithFewOthersIsBackSoon() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            client(readers, id, sink).start();
            client(readers, id, new RecordingSink()).start();
            readers.drain();
            executor.runAll();

            assertThat(sink.ended).isTrue();
            assertThat(sink.controls.getLast()).matches("retry: [012]\n\n");
        }
    }

    @Test
    void aClientAttendsItsStreamFromItsOpeningToItsEnd() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            client(readers(nobody), id, sink).start();
            assertThat(told).containsExactly("came");

            append(Records.heeded(id, 0, "stream.started"));
            append(Records.heeded(id, 1, "text.delta"));
            assertThat(told).containsExactly("came", "learnt true");
            append(Records.heeded(id, 2, "stream.completed"));

            assertThat(told).containsExactly("came", "learnt true", "ended", "left");
            assertThat(sink.sequences).containsExactly(0L, 1L, 2L);
        }
    }

    private void append(EventRecord.Entry entry) {
        window.dispatch(0, entry.headers().sequence(), 0, entry);
        executor.runAll();
    }

    @Test
    void aClientThatGoesAwayHasLeftOnce() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var reader = client(readers(nobody), id, sink);
            reader.start();
            append(Records.entry(id, 1, 0, "stream.started"));

            reader.disconnected();
            reader.disconnected();

            assertThat(told).containsExactly("came", "learnt false", "left");
        }
    }

    @Test
    void whoeverOnlyLooksDoesNotAttend() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            var observer = readers.observer(id, null, new Loop(executor), sink);
            observer.start();
            observer.disconnected();
            client(readers, id, new RecordingSink()).disconnected();

            assertThat(told).isEmpty();
        }
    }

    @Test
    void theEdgeAndEachTenantHaveSoMuchRoomAndItIsGivenBack() {
        var id = Records.id(1);
        window.expect(id, null);
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            assertThat(readers.take("acme")).isEqualTo(Room.FREE);
            assertThat(readers.room("acme")).isEqualTo(Room.FREE);
            assertThat(readers.take("acme")).isEqualTo(Room.FREE);
            assertThat(readers.room("acme")).isEqualTo(Room.TENANT_FULL);
            assertThat(readers.take("acme")).isEqualTo(Room.TENANT_FULL);
            assertThat(readers.take("globex")).isEqualTo(Room.FREE);
            var reader = client(readers, id, sink);
            reader.start();
            assertThat(readers.take("globex")).isEqualTo(Room.EDGE_FULL);
            assertThat(readers.room("initech")).isEqualTo(Room.EDGE_FULL);

            reader.disconnected();

            assertThat(readers.room("acme")).isEqualTo(Room.TENANT_FULL);
            assertThat(readers.take("globex")).isEqualTo(Room.FREE);
        }
    }

    @Test
    void whoseStreamWasErasedIsToldSoOrEnded() {
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            var id = Records.id(5);
            window.expect(id, null);
            var before = new RecordingSink();
            var other = new RecordingSink();
            client(readers, id, before).start();
            window.expect(Records.id(6), null);
            client(readers, Records.id(6), other).start();

            erased.add(new Erasure(id, 1, null), 1);
            window.erase(id);
            readers.erase(id, null);
            executor.runAll();
            var after = new RecordingSink();
            readers.observer(id, null, new Loop(executor), after).start();
            executor.runAll();

            assertThat(before.ended).isTrue();
            assertThat(after.refusal).isEqualTo(new Refusal.Erased());
            assertThat(other.ended).isFalse();
            assertThat(readers.size()).isEqualTo(1);
        }
    }

    @Test
    void whoAsksForAnothersErasedStreamIsNotToldThatItWas() {
        try (var nobody = CatchUp.start(0, 10, metrics, ReadersTest::noLog)) {
            var readers = readers(nobody);
            var id = Records.id(5);
            erased.add(new Erasure(id, 1, "acme"), 1);
            var foreign = new RecordingSink();

            readers.observer(id, "globex", new Loop(executor), foreign).start();
            readers.erase(id, "acme");
            executor.runAll();

            assertThat(foreign.refusal).isNull();
        }
    }
}
