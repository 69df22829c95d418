package io.tidemark.projector.internal;

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

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();

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
        topology.sleep(TopologyFixture.TOPICS.eventRetention().minus(Duration.ofMinutes(10)));
        assertThat(topology.knows(stream.id())).isTrue();

        topology.sleep(Duration.ofMinutes(20));

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(topology.entries(ProjectorStores.PIECES)).isZero();
        assertThat(topology.count(ProjectorMetrics.ABANDONED)).isOne();
        assertThat(topology.gauge(ProjectorMetrics.OPEN)).isZero();
    }

    @Test
    void keepsAStreamThatGoesOnForLongerThanItsFirstEventsAreKept() {
        var retention = TopologyFixture.TOPICS.eventRetention();
        topology.append(stream.records(0, 9));
        topology.append(stream.record(10, 1), TopologyFixture.NOW.plus(retention).toEpochMilli());

        topology.sleep(retention.plus(Duration.ofMinutes(20)));

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
}
