package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.util.Map;

@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class CpuMeterTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void tellsWhatThisProcessAndItsThreadsHaveUsedInBetween() throws IOException {
        var before = CpuMeter.read(Map.of(SELF, ScaleRole.CLIENTS));
        workFor(before);

        var use = CpuMeter.read(Map.of(SELF, ScaleRole.CLIENTS)).since(before);

        assertThat(use.of(ScaleRole.CLIENTS)).isPositive();
        assertThat(use.threads().values()).anyMatch(used -> used > 0);
        assertThat(use.machine()).isPositive();
        assertThat(use.seconds()).isPositive();
        assertThat(use.of(ScaleRole.KAFKA)).isZero();
    }

    /* Until the kernel, which counts in hundredths of a second, has counted some of it. */
    private static void workFor(CpuUse before) throws IOException {
        while (CpuMeter.read(Map.of(SELF, ScaleRole.CLIENTS)).since(before).of(ScaleRole.CLIENTS)
                < 0.05) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aProcessThatHasEndedIsNamed() {
        assertThatThrownBy(() -> CpuMeter.read(Map.of(Long.MAX_VALUE, ScaleRole.EDGE)))
                .isInstanceOf(BenchFailedException.class)
                .hasMessageContaining(Long.toString(Long.MAX_VALUE));
    }
}
