package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

class LiveStreamTest {
    private static final StreamId ID = Records.id(1);

    private static final EdgeMetrics METRICS =
            new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK);

    private final Frame[] into = new Frame[8];

    @Test
    void aStreamSeenFromItsStartIsReadFromAnySequence() {
        var stream = LiveStream.fromStart(ID, METRICS);
        for (int i = 0; i < 20; i++) {
            stream.append(Records.seen(Records.delta(ID, 1, i), 100 + i));
        }
        assertThat(stream.copy(0, into)).isEqualTo(8);
        assertThat(into[7].sequence()).isEqualTo(7);
        assertThat(stream.copy(18, into)).isEqualTo(2);
        assertThat(stream.copy(20, into)).isZero();
    }

    @Test
    void anUnanchoredStreamIsReadByNobody() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.append(Records.seen(Records.delta(ID, 1, 5), 10));

        assertThat(stream.copy(5, into)).isEqualTo(LiveStream.LAPPED);
        assertThat(stream.standing().anchored()).isFalse();
    }

    @Test
    void aReaderThatHasNotReadToWhereTheWatchBeganCannotAnchor() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);

        assertThat(stream.anchor(new Cursor(5, new Attempt(0, 1), 9))).isFalse();
        assertThat(stream.anchor(new Cursor(5, new Attempt(0, 1), 10))).isTrue();
    }

    @Test
    void recordsAreJudgedAsTheReaderWouldHaveJudgedThem() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.append(Records.seen(Records.delta(ID, 1, 5), 10));
        stream.append(Records.seen(Records.delta(ID, 2, 5), 11));
        stream.append(Records.seen(Records.delta(ID, 1, 6), 12));
        stream.append(Records.seen(Records.delta(ID, 2, 6), 13));

        assertThat(stream.anchor(new Cursor(6, new Attempt(0, 2), 12))).isTrue();

        assertThat(stream.standing()).isEqualTo(new LiveStream.Standing(true, 6, 7, false));
        assertThat(stream.copy(6, into)).isEqualTo(1);
        assertThat(into[0].attempt()).isEqualTo(new Attempt(0, 2));
    }

    @Test
    void aReaderBeforeTheAnchorIsSentBackToTheLog() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.anchor(new Cursor(6, new Attempt(0, 1), 12));

        assertThat(stream.anchor(new Cursor(4, new Attempt(0, 1), 10))).isFalse();
        assertThat(stream.copy(4, into)).isEqualTo(LiveStream.LAPPED);
        assertThat(stream.anchor(new Cursor(9, new Attempt(0, 1), 10))).isTrue();
    }

    @Test
    void fencesCountWhileNothingIsJudgedYet() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.append(new Seen.Fence(new Attempt(0, 3), 10));
        stream.append(Records.seen(Records.delta(ID, 2, 0), 11));
        stream.append(Records.seen(Records.delta(ID, 3, 0), 12));
        stream.anchor(new Cursor(0, new Attempt(0, 1), 10));

        stream.copy(0, into);
        assertThat(into[0].attempt()).isEqualTo(new Attempt(0, 3));
        assertThat(stream.standing().next()).isEqualTo(1);
    }

    @Test
    void anEvictedStreamHasNothingAndTakesNothing() {
        var stream = LiveStream.fromStart(ID, METRICS);
        long size = stream.append(Records.seen(Records.delta(ID, 1, 0), 0));

        assertThat(stream.evict()).isEqualTo(size).isPositive();
        assertThat(stream.append(Records.seen(Records.delta(ID, 1, 1), 1))).isZero();
        assertThat(stream.copy(0, into)).isEqualTo(LiveStream.LAPPED);
        assertThat(stream.anchor(new Cursor(0, new Attempt(0, 1), 5))).isFalse();
    }

    @Test
    void aHoleIsRememberedUntilTheNextEventComesOrAFenceEndsWhatIsBehindIt() {
        var stream = LiveStream.fromStart(ID, METRICS);
        stream.append(Records.seen(Records.delta(ID, 1, 0), 10));
        stream.append(Records.seen(Records.delta(ID, 1, 4), 11));
        stream.append(Records.seen(Records.delta(ID, 1, 5), 12));
        assertThat(stream.hole()).isEqualTo(new Hole(4, new Attempt(0, 1), 11, 0));

        stream.append(Records.seen(Records.delta(ID, 1, 1), 13));
        assertThat(stream.hole()).isNull();

        stream.append(Records.seen(Records.delta(ID, 1, 6), 14));
        stream.append(new Seen.Fence(new Attempt(0, 2), 15));
        assertThat(stream.hole()).isNull();
    }

    @Test
    void aReaderBehindTheHoleAnchorsTheStreamAnewAndThoseBeforeItAreLapped() {
        var stream = LiveStream.fromStart(ID, METRICS);
        stream.append(Records.seen(Records.delta(ID, 1, 0), 10));
        stream.append(Records.seen(Records.delta(ID, 1, 4), 11));
        assertThat(stream.copy(5, into)).isEqualTo(LiveStream.LAPPED);

        assertThat(stream.anchor(new Cursor(5, new Attempt(0, 1), 11))).isFalse();
        assertThat(stream.anchor(new Cursor(5, new Attempt(0, 1), 12))).isTrue();

        stream.append(Records.seen(Records.delta(ID, 1, 5), 12));
        assertThat(stream.copy(5, into)).isEqualTo(1);
        assertThat(stream.copy(1, into)).isEqualTo(LiveStream.LAPPED);
    }

    @Test
    void aHoleThatTheReaderMetComesWithItsCursor() {
        var hole = new Hole(9, new Attempt(0, 1), 11, 5);
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.anchor(new Cursor(6, new Attempt(0, 1), 12, hole));

        assertThat(stream.hole()).isEqualTo(hole);
    }

    @Test
    void whatTheReaderRefusedIsNotJudgedAgain() {
        var stream = LiveStream.unanchored(ID, 10, METRICS);
        stream.append(Records.seen(Records.delta(ID, 2, 6), 10));
        stream.anchor(new Cursor(6, new Attempt(0, 2), 12));

        assertThat(stream.standing().next()).isEqualTo(6);
    }

    @Test
    void whenItGetsShorterItIsTheOldestThatGo() {
        var stream = LiveStream.fromStart(ID, METRICS);
        long older = appendDeltas(stream, 0, 50);
        long newer = appendDeltas(stream, 50, 100);

        assertThat(stream.shorten()).isEqualTo(older);
        assertThat(stream.standing()).isEqualTo(new LiveStream.Standing(true, 50, 100, false));
        assertThat(stream.copy(49, new Frame[1])).isEqualTo(LiveStream.LAPPED);
        var frames = new Frame[100];
        assertThat(stream.copy(50, frames)).isEqualTo(50);
        assertThat(frames[0].sequence()).isEqualTo(50);
        newer += appendDeltas(stream, 100, 110);
        assertThat(stream.copy(109, frames)).isEqualTo(1);
        assertThat(stream.evict()).isEqualTo(newer);
        assertThat(stream.shorten()).isZero();
    }

    @Test
    void itDoesNotGetShorterThanWhatReadersAtItsEndNeed() {
        var stream = LiveStream.fromStart(ID, METRICS);
        appendDeltas(stream, 0, 100);
        long released = 1;
        while (released > 0) {
            released = stream.shorten();
        }
        var standing = stream.standing();
        assertThat(standing.next() - standing.first()).isBetween(4L, 16L);
    }

    /** Returns by how much the stream has grown. */
    private static long appendDeltas(LiveStream stream, int from, int to) {
        long grown = 0;
        for (int i = from; i < to; i++) {
            grown += stream.append(Records.seen(Records.delta(ID, 1, i), 100 + i));
        }
        return grown;
    }
}
