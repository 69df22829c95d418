package io.tidemark.projector.internal;

import static io.tidemark.projector.internal.TopologyFixture.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Refusal;
import io.tidemark.projector.SampleStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

final class ResultKeeperTest {
    private static final Duration SWEEPS = ResultKeeper.SWEEP_INTERVAL;

    private static final Duration RETENTION = TopologyFixture.TOPICS.eventRetention();

    private final SampleStream other = SampleStream.of(0, 2, 20);
    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();

    private Duration slept = Duration.ZERO;
    private long written;

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void forgetsAResponseAtTheEndOfItsRetention() {
        topology.append(stream.records());
        topology.sleep(SWEEPS);
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isOne();

        topology.sleep(TopologyFixture.TOPICS.resultRetention());

        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
        assertThat(topology.count(ProjectorMetrics.EXPIRED)).isOne();
    }

    @Test
    void forgetsAnOpenStreamWhenTheLogNoLongerHoldsIt() {
        topology.append(stream.records(0, 9));
        sleepWhileTheLogGoesOn(RETENTION.minus(Duration.ofMinutes(10)));
        assertThat(topology.knows(stream.id())).isTrue();

        sleepWhileTheLogGoesOn(Duration.ofMinutes(20));

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.store(ProjectorStores.PIECES).get(Piece.key(stream.id(), 0))).isNull();
        assertThat(topology.count(ProjectorMetrics.ABANDONED)).isOne();
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isOne();
    }

    @Test
    void keepsAnOldStreamWhileAnOldLogIsFoldedAgain() {
        topology.sleep(RETENTION.multipliedBy(3));
        topology.append(stream.records(0, 9));

        topology.sleep(SWEEPS);
        topology.append(stream.records(10, stream.last()));

        assertThat(topology.responses()).hasSize(1);
        assertThat(topology.usage()).hasSize(1);
        assertThat(topology.count(ProjectorMetrics.ABANDONED)).isZero();
    }

    @Test
    void keepsAStreamOfALogWhoseClockRunsAhead() {
        topology.append(stream.records(0, 9));
        topology.append(other.record(0, 1), NOW.plus(RETENTION.multipliedBy(3)).toEpochMilli());

        topology.sleep(SWEEPS);

        assertThat(topology.knows(stream.id())).isTrue();
    }

    @Test
    void forgetsNothingBeforeTheLogHasATime() {
        topology.sleep(RETENTION.multipliedBy(3));

        assertThat(topology.count(ProjectorMetrics.ABANDONED)).isZero();
    }

    @Test
    void deletesForeignResultsThatWereRestored() {
        topology.store(ProjectorStores.RESPONSES).put(new byte[] {'0', '1'}, new byte[] {1});
        topology.appendResult(stream.id().key(), new byte[] {1});

        topology.sleep(SWEEPS);

        assertThat(topology.refused(Refusal.FOREIGN)).isOne();
        assertThat(topology.count(ProjectorMetrics.EXPIRED)).isZero();
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isOne();
    }

    @Test
    void keepsAStreamThatGoesOnForLongerThanItsFirstEventsAreKept() {
        topology.append(stream.records(0, 9));
        topology.append(stream.record(10, 1), NOW.plus(RETENTION).toEpochMilli());

        sleepWhileTheLogGoesOn(RETENTION.plus(Duration.ofMinutes(20)));

        assertThat(topology.knows(stream.id())).isTrue();
    }

    @Test
    void forgetsNoMoreThanAStepAtATime() {
        int streams = ResultKeeper.SWEEP_KEYS_MAX + 10;
        for (int number = 0; number < streams; number++) {
            topology.appendResult(SampleStream.of(0, number, 1).id().key(), new byte[] {1});
        }
        topology.sleep(TopologyFixture.TOPICS.resultRetention().minus(Duration.ofMinutes(10)));
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isEqualTo(streams);

        topology.sleep(Duration.ofMinutes(10));
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isEqualTo(10);

        topology.sleep(SWEEPS);
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    @Test
    void forgetsAStreamWhoseResultIsDeleted() {
        topology.append(stream.records());

        topology.appendResult(stream.id().key(), null);

        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    @Test
    void passesByForeignResults() {
        topology.appendResult("other".getBytes(StandardCharsets.UTF_8), new byte[0]);
        topology.appendResult(null, new byte[0]);
        topology.appendResult(SampleStream.of(3, 1, 1).id().key(), new byte[0]);

        assertThat(topology.refused(Refusal.FOREIGN)).isEqualTo(3);
        assertThat(topology.entries(ProjectorStores.RESPONSES)).isZero();
    }

    /* Another stream writes at the end of the time, and once more is looked for old ones. */
    private void sleepWhileTheLogGoesOn(Duration time) {
        topology.sleep(time);
        slept = slept.plus(time);
        topology.append(other.record(written++, 1), NOW.plus(slept).toEpochMilli());
        topology.sleep(SWEEPS);
        slept = slept.plus(SWEEPS);
    }
}
