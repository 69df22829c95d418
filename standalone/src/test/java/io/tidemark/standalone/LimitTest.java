package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.standalone.CpuUse.CpuThread;

import org.junit.jupiter.api.Test;

import java.util.Map;

class LimitTest {
    private static final CpuThread TAIL = new CpuThread(ScaleRole.EDGE, 7, "tidemark-tail");

    @Test
    void busyCoresAreNamedWithWhoTakesMost() {
        var use = use(Map.of(ScaleRole.KAFKA, 6.0, ScaleRole.EDGE, 12.0), 9.5, 19.0);

        assertThat(Limit.of(use, 2))
                .isEqualTo("cores: 1.90 of 2 busy, 0.10 of them by others; most by edges, 1.20");
    }

    @Test
    void coresThatOthersTakeAreBusyToo() {
        var use = use(Map.of(ScaleRole.KAFKA, 5.0), 5.0, 20.0);

        assertThat(Limit.of(use, 2))
                .isEqualTo("cores: 2.00 of 2 busy, 1.50 of them by others; most by Kafka, 0.50");
    }

    @Test
    void oneThreadThatHasACoreToItselfIsWhatTheOthersWaitFor() {
        var use = use(Map.of(ScaleRole.EDGE, 12.0), 9.5, 13.0);

        assertThat(Limit.of(use, 4))
                .isEqualTo("one thread: tidemark-tail of edges 0.95; 1.30 of 4 cores busy");
    }

    @Test
    void whereNothingIsBusyTheBusiestThreadIsNamed() {
        var use = use(Map.of(ScaleRole.EDGE, 4.0), 3.0, 8.0);

        assertThat(Limit.of(use, 2))
                .isEqualTo(
                        "no processor, busiest thread: tidemark-tail of edges 0.30; 0.80 of 2 cores busy");
    }

    /* Over ten seconds. */
    private static CpuUse use(Map<ScaleRole, Double> roles, double tail, double machine) {
        return new CpuUse(10, roles, Map.of(TAIL, tail), machine);
    }
}
