package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class WaitsTest {
    @Test
    void takesTheNearestRankOfWhatWasMeasuredInAnyOrder() {
        var waits =
                new Waits(
                        IntStream.rangeClosed(1, 200)
                                .map(i -> 201 - i)
                                .mapToObj(Duration::ofSeconds)
                                .toList());

        assertThat(waits.percentile(50)).isEqualTo(Duration.ofSeconds(100));
        assertThat(waits.percentile(99)).isEqualTo(Duration.ofSeconds(198));
        assertThat(waits.longest()).isEqualTo(Duration.ofSeconds(200));
    }

    @Test
    void oneAndNoneAreAnswersToo() {
        assertThat(new Waits(List.of(Duration.ofSeconds(3))).percentile(99))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(new Waits(List.of()).longest()).isZero();
        assertThat(new Waits(List.of()).shown()).isEqualTo("none");
    }
}
