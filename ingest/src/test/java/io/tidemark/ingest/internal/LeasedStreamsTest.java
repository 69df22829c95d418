package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;

import org.junit.jupiter.api.Test;

class LeasedStreamsTest {
    private final LeasedStreams leased = new LeasedStreams();
    private final Orphan first = new Orphan(TestStreams.mint(), 0, Attempt.first(3));
    private final Orphan second = new Orphan(TestStreams.mint(), 0, Attempt.first(3));

    @Test
    void takesNoMoreThanThereIsRoomForAndTheRestLater() {
        leased.add(first, 10);
        leased.add(second, 10);
        leased.passed(11);

        assertThat(leased.takeLapsed(0)).isEmpty();
        assertThat(leased.takeLapsed(1)).containsExactly(first);
        assertThat(leased.takeLapsed(5)).containsExactly(second);
        assertThat(leased.takeLapsed(5)).isEmpty();
    }
}
