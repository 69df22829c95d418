package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogClockTest {
    private final LogClock clock = new LogClock();

    @Test
    void hasNoTimeBeforeTheFirstRecord() {
        assertThat(clock.now(-1, 1_000)).isNegative();
        assertThat(clock.now(-1, 9_000)).isNegative();
    }

    @Test
    void goesOnWhileNothingIsWritten() {
        clock.now(100, 1_000);

        assertThat(clock.now(100, 1_400)).isEqualTo(500);
    }

    @Test
    void isAsOldAsTheLogThatIsRead() {
        clock.now(100, 1_000);

        assertThat(clock.now(200, 9_000)).isEqualTo(200);
    }

    @Test
    void doesNotGoBackWithTheWallClock() {
        clock.now(100, 1_000);

        assertThat(clock.now(100, 500)).isEqualTo(100);
    }
}
