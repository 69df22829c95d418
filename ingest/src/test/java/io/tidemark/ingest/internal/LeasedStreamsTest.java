package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Collection;
import java.util.List;

class LeasedStreamsTest {
    private static final long VALID = 6_000;

    private final LogTime time = new LogTime(LeasedStreams.SILENCE_COUNTED_MAX);
    private final LeasedStreams leased = new LeasedStreams(time);
    private final Orphan first = new Orphan(TestStreams.mint(), 0, Attempt.first(3));
    private final Orphan second = new Orphan(TestStreams.mint(), 0, Attempt.first(3));
    private long timestamp = 1_795_000_000_000L;

    @BeforeEach
    void begin() {
        time.pass(timestamp);
        leased.add(first, LeasedStreams.end(lease(), time));
    }

    private Lease lease() {
        return new Lease(
                0, 0, "w", VALID, List.of(new OpenStream(first.id(), first.attempt(), 7, 100)));
    }

    private void pass(int milliseconds) {
        timestamp += milliseconds;
        time.pass(timestamp);
    }

    private Collection<Orphan> lapsed() {
        return leased.takeLapsed(10);
    }

    @Test
    void leavesAStreamAloneUntilItsLeaseHasLapsed() {
        pass(3_000);
        pass(3_000);
        assertThat(lapsed()).isEmpty();

        pass(1);
        assertThat(lapsed()).containsExactly(first);
        assertThat(lapsed()).isEmpty();
    }

    /* A new leader's clock is an hour ahead just when the next lease is due. */
    @Test
    void aJumpOfTheClockLapsesNoLeaseThatIsRenewedInTime() {
        pass(2_000);
        pass(3_600_000);
        assertThat(lapsed()).isEmpty();

        leased.renew(lease());
        pass(2_000);
        leased.renew(lease());
        pass(4_000);
        assertThat(lapsed()).isEmpty();
        pass(4_000);
        assertThat(lapsed()).containsExactly(first);
    }

    @Test
    void noTimePassesWhileRecordsAreReadAgain() {
        pass(3_000);

        assertThat(time.pass(timestamp - 3_000)).isFalse();
        assertThat(time.pass(timestamp)).isTrue();

        pass(3_000);
        assertThat(lapsed()).isEmpty();
    }

    @Test
    void takesNoMoreThanThereIsRoomForAndTheRestLater() {
        leased.addLapsed(second);
        pass(4_000);
        pass(4_000);

        assertThat(leased.takeLapsed(0)).isEmpty();
        assertThat(leased.takeLapsed(1)).containsExactly(first);
        assertThat(leased.takeLapsed(5)).containsExactly(second);
        assertThat(lapsed()).isEmpty();
    }
}
