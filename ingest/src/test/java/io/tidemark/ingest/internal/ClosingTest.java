package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class ClosingTest {
    private static final Duration DRAIN = Duration.ofSeconds(7);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Closing closing = Closing.now(DRAIN, nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whatOneStepTakesTheNextHasNot() {
        pass(closing.handOverLeft());
        assertThat(closing.handOverLeft()).isZero();
        assertThat(closing.drains()).isFalse();
        pass(closing.endingLeft());
        assertThat(closing.endingLeft()).isZero();
        pass(closing.loopLeft());
        assertThat(closing.loopLeft()).isZero();
        assertThat(closing.partLeft()).isPositive();
        pass(closing.partLeft());
        assertThat(closing.partLeft()).isZero();

        assertThat(Duration.ofNanos(nanos.get() - closing.begin()))
                .isEqualTo(DRAIN.plus(Closing.BEYOND_DRAIN_MAX));
    }

    @Test
    void handingOverIsPartOfTheTimeToDrain() {
        pass(DRAIN.minusSeconds(1));

        assertThat(closing.drains()).isTrue();
        assertThat(closing.handOverLeft()).isEqualTo(Duration.ofSeconds(4));
    }
}
