package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

final class ErasedStreamsTest {
    private static final Duration IN_LOG = Duration.ofSeconds(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ErasedStreams erased =
            new ErasedStreams(10, IN_LOG, new EdgeMetrics(meters, InstantSource.system()));

    private static StreamId id(long mintedAt) {
        return StreamId.mint(() -> Instant.ofEpochMilli(mintedAt), () -> mintedAt, 0);
    }

    @Test
    void isKnownToWhoseStreamItWas() {
        erased.add(new Erasure(id(1), 500, "acme"), 500);
        erased.add(new Erasure(id(2), 500, null), 500);

        assertThat(erased.has(id(1))).isTrue();
        assertThat(erased.isOf(id(1), "acme")).isTrue();
        assertThat(erased.isOf(id(1), "globex")).isFalse();
        assertThat(erased.isOf(id(1), null)).isFalse();
        assertThat(erased.isOf(id(2), null)).isTrue();
        assertThat(erased.has(id(3))).isFalse();
    }

    @Test
    void whatTheLogHoldsNoLongerIsNotRemembered() {
        erased.add(new Erasure(id(1), 500, null), 1_500);

        assertThat(erased.size()).isZero();
        assertThat(erased.mayHaveForgotten(id(1))).isFalse();
    }

    @Test
    void makesRoomByWhatTheLogHoldsNoLonger() {
        erased.add(new Erasure(id(1), 100, null), 100);
        for (int i = 2; i <= 11; i++) {
            erased.add(new Erasure(id(i), 1_200, null), 1_200);
        }

        assertThat(erased.size()).isEqualTo(10);
        assertThat(erased.has(id(1))).isFalse();
        assertThat(erased.mayHaveForgotten(id(1))).isFalse();
    }

    @Test
    void saysOfWhichStreamsItDoesNotKnowWhenThereWereTooMany() {
        for (int i = 11; i >= 1; i--) {
            erased.add(new Erasure(id(i), 100, null), 100);
        }

        assertThat(erased.size()).isEqualTo(9);
        assertThat(erased.has(id(2))).isFalse();
        assertThat(erased.has(id(3))).isTrue();
        assertThat(erased.mayHaveForgotten(id(1))).isTrue();
        assertThat(erased.mayHaveForgotten(id(2))).isTrue();
        assertThat(erased.mayHaveForgotten(id(3))).isFalse();
        assertThat(meters.get(EdgeMetrics.ERASED_FORGOTTEN).counter().count()).isEqualTo(2);
    }

    @Test
    void countsWhatItHeeds() {
        erased.add(new Erasure(id(1), 500, null), 500);
        erased.add(new Erasure(id(1), 501, null), 501);

        assertThat(meters.get(EdgeMetrics.ERASURES).counter().count()).isEqualTo(2);
        assertThat(meters.get(EdgeMetrics.ERASED).gauge().value()).isOne();
    }
}
