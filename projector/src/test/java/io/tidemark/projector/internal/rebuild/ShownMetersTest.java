package io.tidemark.projector.internal.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;

/** Two generations have the same meters: those of one are shown at a time. */
final class ShownMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ShownMeters before = new ShownMeters();
    private final ShownMeters after = new ShownMeters();
    private final ProjectorMetrics old =
            new ProjectorMetrics(before.registry(), InstantSource.system());
    private final ProjectorMetrics next =
            new ProjectorMetrics(after.registry(), InstantSource.system());

    @Test
    void thoseOfTheOneThatAnswersAreShown() {
        before.in(meters);
        old.accepted();
        old.owned(0, 5, 0);
        next.accepted();
        next.accepted();
        next.owned(0, 7, 0);

        assertThat(meters.get(ProjectorMetrics.EVENTS).counter().count()).isEqualTo(1);
        assertThat(meters.get(ProjectorMetrics.OPEN).gauge().value()).isEqualTo(5);
    }

    @Test
    void thoseOfTheNextOneTakeTheirPlaceFromZero() {
        before.in(meters);
        old.accepted();
        next.accepted();
        next.owned(0, 7, 0);

        old.close();
        after.in(meters);
        old.accepted();
        old.released(0);
        next.accepted();

        assertThat(meters.get(ProjectorMetrics.EVENTS).counter().count()).isEqualTo(1);
        assertThat(meters.get(ProjectorMetrics.OPEN).gauge().value()).isEqualTo(7);
    }

    @Test
    void nothingIsLeftAtTheEnd() {
        before.in(meters);

        old.close();

        assertThat(meters.getMeters()).isEmpty();
    }
}
