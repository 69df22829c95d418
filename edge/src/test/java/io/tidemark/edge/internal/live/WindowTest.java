package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WindowTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long offset;

    private Window window(long bytesMax, int streamsMax) {
        return new Window(
                1,
                Duration.ZERO,
                bytesMax,
                streamsMax,
                Records.CLOCK,
                new EdgeMetrics(meters, Records.CLOCK));
    }

    private void dispatch(Window window, EventRecord record) {
        window.dispatch(0, offset, Records.CLOCK.millis() + offset, record);
        offset++;
    }

    @Test
    void finishedStreamsGoBeforeOpenOnes() {
        var window = window(1_000_000, 10);
        var open = Records.id(0);
        dispatch(window, Records.delta(open, 1, 0));
        for (int i = 1; i <= 12; i++) {
            dispatch(window, Records.terminal(Records.id(i), 1, 0));
        }
        assertThat(window.size()).isLessThanOrEqualTo(10);
        assertThat(window.find(open, null)).isNotNull();
        assertThat(window.find(Records.id(1), null)).isNull();
        assertThat(window.find(Records.id(12), null)).isNotNull();
    }

    @Test
    void bytesStayWithinTheBudgetAndAreAllGivenBack() {
        var window = window(20_000, 1_000);
        for (int i = 0; i < 500; i++) {
            dispatch(window, Records.delta(Records.id(i % 7), 1, i / 7));
            assertThat(window.bytes()).isLessThanOrEqualTo(20_000);
        }
        window.forgetPartition(0);
        assertThat(window.bytes()).isZero();
        assertThat(meters.counter(EdgeMetrics.EVICTED).count()).isPositive();
    }

    @Test
    void whoReadsOpenStreamsAtTheirEndsKeepsThemHoweverLongTheyGet() {
        var window = window(40_000, 1_000);
        for (int i = 0; i < 500; i++) {
            for (int stream = 0; stream < 3; stream++) {
                dispatch(window, Records.delta(Records.id(stream), 1, i));
                assertThat(window.bytes()).isLessThanOrEqualTo(40_000);
                assertThat(standing(window, Records.id(stream)).next()).isEqualTo(i + 1);
            }
        }
        for (int stream = 0; stream < 3; stream++) {
            var standing = standing(window, Records.id(stream));
            assertThat(standing.anchored()).isTrue();
            assertThat(standing.next() - standing.first()).isGreaterThan(8);
            assertThat(held(window, Records.id(stream)))
                    .isEqualTo(standing.next() - standing.first());
        }
        assertThat(meters.counter(EdgeMetrics.EVICTED).count()).isZero();
        assertThat(meters.counter(EdgeMetrics.SHORTENED).count()).isPositive();

        window.forgetPartition(0);
        assertThat(window.bytes()).isZero();
    }

    private static long held(Window window, StreamId id) {
        var stream = requireNonNull(window.find(id, null), "stream");
        return stream.copy(stream.standing().first(), new Frame[1_000]);
    }

    @Test
    void finishedStreamsThatNobodyReadsGoBeforeOpenOnesGetShorter() {
        var window = window(40_000, 1_000);
        for (int i = 0; i < 40; i++) {
            dispatch(window, Records.delta(Records.id(0), 1, i));
        }
        for (int i = 1; window.find(Records.id(1), null) != null || i == 1; i++) {
            dispatch(window, Records.terminal(Records.id(i), 1, 0));
        }
        assertThat(standing(window, Records.id(0)).first()).isZero();
        assertThat(meters.counter(EdgeMetrics.SHORTENED).count()).isZero();
    }

    @Test
    void aSecondSequenceZeroOfAForgottenStreamIsNotItsStart() {
        var window = window(1_000_000, 10);
        var id = Records.id(1);
        dispatch(window, Records.delta(id, 2, 0));
        window.forgetPartition(0);

        dispatch(window, Records.delta(id, 1, 0));

        assertThat(standing(window, id).anchored()).isFalse();
    }

    @Test
    void aStreamFromBeforeTheEdgeIsNotTakenForANewOne() {
        var window = window(1_000_000, 10);
        var old = Records.oldId(1);
        dispatch(window, Records.delta(old, 1, 0));

        assertThat(standing(window, old).anchored()).isFalse();
    }

    @Test
    void aMintedStreamIsKnownUntilItIsTakenBack() {
        var window = window(1_000_000, 10);
        var id = Records.id(1);
        window.expect(id, null);
        assertThat(standing(window, id)).isEqualTo(new LiveStream.Standing(true, 0, 0, false));

        window.forget(id);
        assertThat(window.find(id, null)).isNull();
    }

    @Test
    void aWatchBeginsWhereTheTailIs() {
        var window = window(1_000_000, 10);
        window.startAt(0, 40);
        var stream = window.watch(Records.id(1), null);

        assertThat(stream.anchor(new Cursor(3, new Attempt(0, 1), 39))).isFalse();
        assertThat(stream.anchor(new Cursor(3, new Attempt(0, 1), 40))).isTrue();
    }

    @Test
    void whatAnAnchorDropsIsGivenBack() {
        var window = window(1_000_000, 10);
        var id = Records.oldId(1);
        for (int i = 0; i < 5; i++) {
            dispatch(window, Records.delta(id, 1, i));
        }
        requireNonNull(window.find(id, null), "stream").anchor(new Cursor(5, new Attempt(0, 1), 5));
        window.forgetPartition(0);

        assertThat(window.bytes()).isZero();
    }

    @Test
    void recordsBehindAHoleAreCountedOnce() {
        var window = window(1_000_000, 10);
        var id = Records.id(1);
        dispatch(window, Records.delta(id, 1, 0));
        dispatch(window, Records.delta(id, 1, 2));
        dispatch(window, Records.delta(id, 1, 3));
        window.watch(id, null).anchor(new Cursor(1, new Attempt(0, 1), 3));

        assertThat(meters.counter(EdgeMetrics.GAPS).count()).isEqualTo(2);
    }

    @Test
    void foreignRecordsAreCounted() {
        dispatch(window(1_000, 10), new EventRecord.Foreign("no key"));
        assertThat(meters.counter(EdgeMetrics.FOREIGN).count()).isEqualTo(1);
    }

    private static LiveStream.Standing standing(Window window, StreamId id) {
        return requireNonNull(window.find(id, null), "stream").standing();
    }
}
