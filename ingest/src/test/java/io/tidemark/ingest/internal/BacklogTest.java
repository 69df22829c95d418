package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command.Cancel;
import io.tidemark.schemas.Command.Claim;
import io.tidemark.schemas.Command.Done;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class BacklogTest {
    private final StreamId first = TestStreams.mint();
    private final StreamId second = TestStreams.mint();
    private final StreamId third = TestStreams.mint();
    private final LogTime time = new LogTime(LeasedStreams.SILENCE_COUNTED_MAX);
    private final Backlog backlog = backlog(10, false);

    private Backlog backlog(long from, boolean expired) {
        return new Backlog(from, 100, expired, third::equals, time, 2, 10);
    }

    private static Lease lease(StreamId... streams) {
        var open =
                Stream.of(streams)
                        .map(stream -> new OpenStream(stream, new Attempt(3, 4), 7, 100))
                        .toList();
        return new Lease(0, 0, "w", 6000L, open);
    }

    private boolean start(long offset, StreamId id) {
        return backlog.add(offset, TestStreams.CLOCK.millis() + 5, TestStreams.start(id));
    }

    private boolean done(long offset, StreamId id) {
        return done(offset, id, 0);
    }

    private boolean done(long offset, StreamId id, long epoch) {
        return backlog.add(offset, 0, new Done(id, 0, "w", Attempt.first(epoch), 3));
    }

    private void claim(long offset) {
        backlog.add(offset, 0, new Claim(0, 0, "w"));
    }

    @Test
    void leavesOpenWhatWasStartedAndNotDone() {
        start(10, first);
        start(11, second);
        done(12, first);

        assertThat(backlog.offsets()).containsOnlyKeys(second).containsValue(11L);
        assertThat(backlog.orphans())
                .containsExactly(new Orphan(second, TestStreams.CLOCK.millis(), Attempt.first(0)));
    }

    /* Its terminal may be behind the fence of whoever claimed the partition. */
    @Test
    void doesNotBelieveTheDoneRecordOfAnOwnerThatWasOutranked() {
        claim(9);
        start(10, first);
        start(11, second);
        claim(12);
        done(13, first, 9);
        done(14, second, 12);

        assertThat(backlog.offsets()).containsOnlyKeys(first);
    }

    @Test
    void believesAnOwnerForAsLongAsNobodyHasClaimedAfterIt() {
        claim(9);
        start(10, first);
        done(11, first, 9);
        claim(12);

        assertThat(backlog.offsets()).isEmpty();
    }

    /* It has nothing more to write, so nobody waits for its lease. */
    @Test
    void takesOverAtOnceWhatAnOutrankedOwnerSaysIsDone() {
        claim(9);
        start(10, first);
        backlog.add(
                11,
                0,
                new Lease(
                        0,
                        0,
                        "w",
                        6000L,
                        List.of(new OpenStream(first, Attempt.first(9), 7, 100))));
        claim(12);
        assertThat(backlog.orphans()).isEmpty();

        done(13, first, 9);

        assertThat(backlog.orphans())
                .containsExactly(new Orphan(first, TestStreams.CLOCK.millis(), Attempt.first(9)));
    }

    @Test
    void keepsTheFirstOfTwoStartsAndTellsOfTheOther() {
        assertThat(start(10, first)).isTrue();
        assertThat(start(11, first)).isFalse();

        assertThat(backlog.offsets()).containsEntry(first, 10L);
    }

    @Test
    void leavesAStreamEndedThatIsStartedOnceMore() {
        start(10, first);
        done(11, first);

        assertThat(start(12, first)).isFalse();
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void learnsTheAttemptFromLeases() {
        start(10, first);
        backlog.add(
                11,
                0,
                new Lease(
                        0,
                        0,
                        "w",
                        null,
                        List.of(
                                new OpenStream(first, new Attempt(3, 4), 7, 100),
                                new OpenStream(second, new Attempt(0, 9), 7, 100))));

        var leased = new LeasedStreams(time);
        backlog.leaveLeased(leased);
        time.pass(0);
        time.pass(1);
        assertThat(leased.takeLapsed(1))
                .extracting(Orphan::attempt)
                .containsExactly(new Attempt(3, 4));
        assertThat(backlog.orphans()).isEmpty();
    }

    /* Its place is where reading would have begun: the watermark must not pass that. */
    @Test
    void leavesOpenWhatALeaseNamesWhereStartsWereRemoved() {
        backlog.add(20, 0, lease(first));
        start(21, second);

        assertThat(backlog.expired()).isTrue();
        assertThat(backlog.first()).isEqualTo(20);
        assertThat(backlog.offsets()).containsEntry(first, 10L).containsEntry(second, 21L);
        var leased = new LeasedStreams(time);
        backlog.leaveLeased(leased);
        assertThat(leased.contains(first)).isTrue();
        done(22, first, 3);
        assertThat(backlog.offsets()).containsOnlyKeys(second);
    }

    @Test
    void takesOverAtOnceWhatHasNoStartAndIsDoneForAnOwnerThatWasOutranked() {
        backlog.add(20, 0, lease(first));
        claim(21);
        done(22, first, 3);

        assertThat(backlog.orphans())
                .containsExactly(new Orphan(first, TestStreams.CLOCK.millis(), new Attempt(3, 4)));
    }

    /* It may have been on its way when the stream ended. */
    @Test
    void opensNothingForALeaseWhereEveryStartIsThere() {
        claim(9);
        backlog.add(10, 0, lease(first));

        assertThat(backlog.expired()).isFalse();
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void opensNothingForALateLeaseOfWhatIsDoneOrKnown() {
        var rest = backlog(9, true);
        rest.add(9, 0, new Done(first, 0, "w", new Attempt(3, 4), 3));
        rest.add(10, 0, lease(first, third));

        assertThat(rest.isEmpty()).isTrue();
    }

    @Test
    void coversTheLogOnlyUpToTheFirstLeaseThatFoundNoRoom() {
        backlog.add(20, 0, lease(first, second, TestStreams.mint()));

        assertThat(backlog.end()).isEqualTo(20);
        assertThat(backlog.offsets()).containsOnlyKeys(first, second);
    }

    @Test
    void seesACancelBeforeAndAfterTheStart() {
        backlog.add(9, 0, new Cancel(second, 0));
        start(10, first);
        start(11, second);
        backlog.add(12, 0, new Cancel(first, 0));

        assertThat(backlog.cancelled(first)).isTrue();
        assertThat(backlog.cancelled(second)).isTrue();
        assertThat(backlog.cancelled(third)).isFalse();
    }

    @Test
    void coversTheLogOnlyUpToTheFirstStartThatFoundNoRoom() {
        start(10, first);
        start(11, second);
        start(12, third);
        done(13, first);
        start(14, TestStreams.mint());

        assertThat(backlog.end()).isEqualTo(12);
        assertThat(backlog.offsets()).containsOnlyKeys(second);
    }
}
