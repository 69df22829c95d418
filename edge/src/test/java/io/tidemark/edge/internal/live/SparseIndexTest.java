package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.internal.live.SparseIndex.Answer;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

class SparseIndexTest {
    private static final StreamId ID = Records.id(1);
    private static final StreamId OTHER = Records.id(2);

    private final EdgeMetrics metrics = new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK);
    private final SparseIndex index = index(1_000_000);
    private long end;

    private SparseIndex index(long bytesMax) {
        return new SparseIndex(1, Duration.ZERO, bytesMax, 4, Records.CLOCK, metrics);
    }

    private void take(EventRecord record) {
        take(index, record);
    }

    private void take(SparseIndex into, EventRecord record) {
        into.take(0, end++, 0, record);
    }

    private void deltas(StreamId id, int from, int to) {
        for (int i = from; i < to; i++) {
            take(Records.delta(id, 1, i));
        }
    }

    private static Answer from(long next, int attempt, long position) {
        return new Answer.ReadFrom(new Cursor(next, new Attempt(0, attempt), position));
    }

    private static Answer fromStart(long offset) {
        return new Answer.ReadFrom(new Cursor(0, Attempt.NONE, offset));
    }

    @Test
    void aPlaceIsNotedEverySoManyEvents() {
        deltas(OTHER, 0, 10);
        deltas(ID, 0, 10);

        assertThat(index.find(ID, null, 0)).isEqualTo(fromStart(10));
        assertThat(index.find(ID, null, 3)).isEqualTo(fromStart(10));
        assertThat(index.find(ID, null, 4)).isEqualTo(from(4, 1, 14));
        assertThat(index.find(ID, null, 7)).isEqualTo(from(4, 1, 14));
        assertThat(index.find(ID, null, 9)).isEqualTo(from(8, 1, 18));
    }

    @Test
    void whoWantsWhatIsNotThereYetReadsFromWhereTheTailIs() {
        deltas(ID, 0, 2);
        deltas(OTHER, 0, 7);

        assertThat(index.find(ID, null, 2)).isEqualTo(from(2, 1, 9));
        assertThat(index.find(ID, null, 99)).isEqualTo(from(2, 1, 9));
    }

    @Test
    void behindTheTerminalEventThereIsNothingToRead() {
        deltas(ID, 0, 2);
        take(Records.terminal(ID, 1, 2));

        assertThat(index.find(ID, null, 2)).isEqualTo(fromStart(0));
        assertThat(index.find(ID, null, 3)).isEqualTo(new Answer.Ended(3));
    }

    @Test
    void aZombiesEventsAreNoPlaces() {
        deltas(ID, 0, 3);
        take(new EventRecord.Fence(ID, new Attempt(0, 2)));
        for (int i = 3; i < 9; i++) {
            take(Records.delta(ID, 1, i));
        }
        take(Records.terminal(ID, 1, 9));

        assertThat(index.find(ID, null, 8)).isEqualTo(from(3, 2, 11));
        for (int i = 3; i < 9; i++) {
            take(Records.delta(ID, 2, i));
        }
        assertThat(index.find(ID, null, 8)).isEqualTo(from(8, 2, 16));
    }

    @Test
    void behindAHoleThereIsNoPlaceUntilItIsMended() {
        deltas(ID, 0, 2);
        deltas(ID, 4, 20);

        assertThat(index.find(ID, null, 1)).isEqualTo(fromStart(0));
        assertThat(index.find(ID, null, 10))
                .isEqualTo(
                        new Answer.ReadFrom(
                                new Cursor(
                                        2,
                                        new Attempt(0, 1),
                                        18,
                                        new Hole(4, new Attempt(0, 1), 2, 0))));
    }

    @Test
    void aStreamThatBeganBeforeTheTailIsNotKnown() {
        take(Records.delta(Records.oldId(7), 1, 0));
        assertThat(index.find(Records.oldId(7), null, 0)).isNull();

        deltas(ID, 5, 9);
        assertThat(index.find(ID, null, 6)).isNull();
    }

    @Test
    void anothersStreamIsNotKnown() {
        var headers = Records.delta(ID, 1, 0).headers();
        take(
                new EventRecord.Entry(
                        ID,
                        new EventHeaders(headers.type(), 0, headers.attempt(), null, false, "a"),
                        new byte[0]));

        assertThat(index.find(ID, "a", 0)).isEqualTo(fromStart(0));
        assertThat(index.find(ID, "b", 0)).isNull();
        assertThat(index.find(ID, null, 0)).isNull();
    }

    @Test
    void theBudgetHoldsAndTheLeastRecentlyUsedGoFirst() {
        var small = index(40_000);
        for (int stream = 0; stream < 200; stream++) {
            for (int i = 0; i < 20; i++) {
                take(small, Records.delta(minted(stream), 1, i));
            }
            assertThat(small.bytes()).isLessThanOrEqualTo(40_000);
            assertThat(small.find(minted(0), null, 0)).isNotNull();
        }
        assertThat(small.find(minted(1), null, 0)).isNull();
        assertThat(small.find(minted(199), null, 0)).isNotNull();
        assertThat(small.size()).isBetween(20, 60);
    }

    /* In turn: of a stream that is older than one let go it is not known whether it was seen. */
    private static StreamId minted(int number) {
        var clock = InstantSource.fixed(Records.CLOCK.instant().plusMillis(number));
        return StreamId.mint(clock, new Random(number), 0);
    }

    @Test
    void aSecondSequenceZeroOfAStreamThatWasLetGoIsNoBeginning() {
        deltas(ID, 0, 3);
        index.forget(ID);
        take(Records.delta(ID, 1, 0));

        assertThat(index.find(ID, null, 0)).isNull();
    }

    @Test
    void aLongStreamsPlacesAreThinnedAndTheBytesAreBounded() {
        deltas(ID, 0, 20_000);

        assertThat(index.bytes())
                .isLessThanOrEqualTo(
                        IndexedStream.OVERHEAD_BYTES
                                + (long) IndexedStream.PLACES_MAX * IndexedStream.PLACE_BYTES);
        for (int next = 1; next < 20_000; next += 37) {
            var place = ((Answer.ReadFrom) requireNonNull(index.find(ID, null, next))).cursor();
            assertThat(place.next()).isLessThanOrEqualTo(next);
            assertThat(next - place.next()).isLessThan(20_000 / (IndexedStream.PLACES_MAX / 2) * 2);
            assertThat(place.position()).isEqualTo(place.next());
        }
    }

    @Test
    void whatIsForgottenOfAPartitionIsNotKnown() {
        deltas(ID, 0, 3);
        index.forgetPartition(0);

        assertThat(index.find(ID, null, 0)).isNull();
        assertThat(index.bytes()).isZero();
        assertThat(index.size()).isZero();
    }

    @Test
    void aPartitionThatIsNotThereHoldsNothing() {
        var elsewhere = StreamId.mint(Records.CLOCK, new Random(1), 7);

        assertThat(index.find(elsewhere, null, 0)).isNull();
    }
}
