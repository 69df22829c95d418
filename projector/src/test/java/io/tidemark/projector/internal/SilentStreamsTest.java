package io.tidemark.projector.internal;

import static io.tidemark.projector.internal.TopologyFixture.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Response;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

final class SilentStreamsTest {
    private static final Duration AFTER = TopologyFixture.SILENT_AFTER;
    private static final Duration SWEEP = ResultKeeper.SWEEP_INTERVAL;

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final SampleStream other = SampleStream.of(0, 2, 20);
    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void reportsAStreamOnceThoughNobodyElseWrites() {
        topology.append(stream.records(0, 9));
        silence(AFTER.minus(SWEEP));
        assertThat(silent()).isZero();

        silence(AFTER);
        silence(AFTER.multipliedBy(3));

        assertThat(silent()).isOne();
        assertThat(topology.count(ProjectorMetrics.SILENT_FOUND)).isOne();
        assertThat(progress().silent()).isTrue();
    }

    @Test
    void findsAStreamAgainThatSpeaks() {
        topology.append(stream.records(0, 9));
        silence(AFTER.multipliedBy(2));

        topology.append(stream.record(10, 1), NOW.plus(AFTER.multipliedBy(2)).toEpochMilli());

        assertThat(silent()).isZero();
        assertThat(topology.count(ProjectorMetrics.SILENT_RESUMED)).isOne();
        silence(AFTER.multipliedBy(2));
        assertThat(topology.count(ProjectorMetrics.SILENT_FOUND)).isEqualTo(2);
    }

    @Test
    void keepsAStreamThatIsSilentForAnHourWhole() {
        topology.append(stream.records(0, 9));
        silence(Duration.ofHours(1));
        assertThat(silent()).isOne();

        var later = NOW.plus(Duration.ofHours(1)).toEpochMilli();
        stream.records(10, stream.last()).forEach(record -> topology.append(record, later));

        assertThat(topology.responses())
                .singleElement()
                .returns(Response.Status.COMPLETED, Response::status)
                .returns(stream.last(), Response::lastSequence);
        assertThat(topology.usage()).hasSize(1);
        topology.sleep(SWEEP);
        assertThat(silent()).isZero();
    }

    @Test
    void countsAFencedStreamAsOneThatGoesOn() {
        topology.append(stream.records(0, 9));
        silence(AFTER.multipliedBy(2));

        topology.append(stream.fence(2), NOW.plus(AFTER.multipliedBy(2)).toEpochMilli());

        assertThat(silent()).isZero();
    }

    @Test
    void reportsNoStreamWhileAnOldLogIsFoldedAgain() {
        topology.append(stream.records(0, 9));
        for (int step = 1; step <= 100; step++) {
            topology.sleep(AFTER.dividedBy(2));
            topology.append(other.fence(step), NOW.plusSeconds(step).toEpochMilli());
        }

        assertThat(topology.count(ProjectorMetrics.SILENT_FOUND)).isZero();
    }

    @Test
    void countsASilentStreamNoLongerThatTheLogHasForgotten() {
        topology.append(stream.records(0, 9));
        silence(AFTER.multipliedBy(2));
        assertThat(silent()).isOne();

        var later = NOW.plus(TopologyFixture.TOPICS.eventRetention()).plus(AFTER.multipliedBy(2));
        topology.sleep(TopologyFixture.TOPICS.eventRetention());
        topology.append(other.record(0, 1), later.toEpochMilli());
        topology.sleep(SWEEP);

        assertThat(topology.knows(stream.id())).isFalse();
        assertThat(silent()).isZero();
    }

    @Test
    void looksAtNoMoreThanAStepAtATime() {
        int streams = ResultKeeper.SWEEP_KEYS_MAX + 10;
        for (int number = 0; number < streams; number++) {
            topology.append(SampleStream.of(0, number, 1).record(0, 1));
        }
        silence(AFTER.plusMillis(1));
        assertThat(silent()).isEqualTo(ResultKeeper.SWEEP_KEYS_MAX);

        topology.sleep(SWEEP);

        assertThat(silent()).isEqualTo(streams);
    }

    /* Between two sweeps of a driver no time is too long, but from the first one on it counts. */
    private void silence(Duration time) {
        topology.sleep(SWEEP);
        topology.sleep(time);
    }

    private Progress progress() {
        return Progress.decode(
                requireNonNull(topology.store(ProjectorStores.PROGRESS).get(stream.id().key())));
    }

    private double silent() {
        return topology.gauge(ProjectorMetrics.SILENT);
    }
}
