package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

class RecentBatchesTest {
    private static final StreamId ID = Records.id(1);

    private final RecentBatches recent = new RecentBatches(5_000);

    private static Standpoint at(long position) {
        return new Standpoint(ID, null, new Cursor(0, Attempt.NONE, position));
    }

    /* Of sequences from the first to before the last, read from the first one's offset. */
    private static Batch batch(long first, long last, boolean atEnd, boolean ended) {
        var frames =
                LongStream.range(first, last)
                        .mapToObj(n -> FrameEncoder.encode(Records.delta(ID, 1, n), n, 0))
                        .toList();
        return new Batch(
                frames, new Cursor(last, new Attempt(0, 1), last), first, atEnd, ended, false);
    }

    private @Nullable List<Long> found(Standpoint from, long wanted) {
        var batch = recent.find(from, wanted);
        return batch == null ? null : batch.frames().stream().map(Frame::sequence).toList();
    }

    @Test
    void whoComesToTheSamePointIsGivenWhatWasRead() {
        assertThat(recent.add(at(3), 3, batch(3, 6, false, false))).isTrue();

        assertThat(found(at(3), 3)).containsExactly(3L, 4L, 5L);
        assertThat(found(at(3), 5)).containsExactly(5L);
        assertThat(found(at(4), 5)).isNull();
        assertThat(recent.find(new Standpoint(ID, "other", at(3).cursor()), 3)).isNull();
    }

    @Test
    void whatLiesBehindTheBatchIsAStepNearer() {
        recent.add(at(3), 3, batch(3, 6, false, false));

        var step = requireNonNull(recent.find(at(3), 9));
        assertThat(step.frames()).isEmpty();
        assertThat(step.cursor().position()).isEqualTo(6);
    }

    @Test
    void whatWasNotGatheredIsNotGiven() {
        recent.add(at(3), 5, batch(5, 6, false, false));

        assertThat(found(at(3), 4)).isNull();
    }

    @Test
    void ofTwoBatchesTheOneThatBeginsEarlierIsKept() {
        recent.add(at(3), 5, batch(5, 8, false, false));
        recent.add(at(3), 3, batch(3, 6, false, false));
        recent.add(at(3), 4, batch(4, 7, false, false));

        assertThat(found(at(3), 3)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void whatAnAppendCanChangeIsNotKept() {
        assertThat(recent.add(at(3), 3, batch(3, 6, true, false))).isFalse();
        assertThat(found(at(3), 3)).isNull();

        assertThat(recent.add(at(3), 3, batch(3, 6, true, true))).isTrue();
        assertThat(found(at(3), 3)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void theBudgetHoldsAndTheLeastRecentlyUsedGoesFirst() {
        for (int i = 0; i < 100; i++) {
            recent.add(at(i), i, batch(i, i + 3, false, false));
            assertThat(recent.bytes()).isLessThanOrEqualTo(5_000);
            assertThat(found(at(0), 0)).isNotNull();
        }
        assertThat(found(at(1), 1)).isNull();
        assertThat(found(at(99), 99)).isNotNull();
    }

    @Test
    void aBatchThatIsLargerThanTheBudgetIsGivenButNotKept() {
        assertThat(recent.add(at(0), 0, batch(0, 1_000, false, false))).isTrue();

        assertThat(found(at(0), 0)).isNull();
        assertThat(recent.bytes()).isZero();
    }

    @Test
    void nothingIsKeptOfAStreamThatWasErased() {
        var other = Records.id(2);
        recent.add(at(3), 3, batch(3, 6, false, false));
        recent.add(new Standpoint(other, null, at(3).cursor()), 3, batch(3, 6, false, false));
        long both = recent.bytes();

        recent.forget(ID);

        assertThat(found(at(3), 3)).isNull();
        assertThat(recent.find(new Standpoint(other, null, at(3).cursor()), 3)).isNotNull();
        assertThat(recent.bytes()).isEqualTo(both / 2);
    }
}
