package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

@Timeout(10)
final class SequenceWaitersTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final StreamId id = SampleStream.of(0, 1, 1).id();
    private final StreamId other = SampleStream.of(0, 2, 1).id();
    private final SequenceWaiters waiters = new SequenceWaiters(2);

    @Test
    void wakesAWaiterWhoseSequenceIsReached() throws InterruptedException {
        try (var waiter = waiters.register(id, 5).orElseThrow()) {
            waiters.reached(id, 5, false);
            waiter.await(LONG);
        }
    }

    @Test
    void wakesAWaiterWhoseStreamEnds() throws InterruptedException {
        try (var waiter = waiters.register(id, 5).orElseThrow()) {
            waiters.reached(id, 2, true);
            waiter.await(LONG);
        }
    }

    @Test
    void wakesEveryoneAtTheEnd() throws InterruptedException {
        try (var waiter = waiters.register(id, 5).orElseThrow();
                var second = waiters.register(other, 5).orElseThrow()) {
            waiters.wakeAll();
            waiter.await(LONG);
            second.await(LONG);
        }
    }

    @Test
    void takesNoMoreWaitersThanItHasPlaces() {
        var waiter = waiters.register(id, 5).orElseThrow();
        var second = waiters.register(id, 6).orElseThrow();
        assertThat(waiters.size()).isEqualTo(2);
        assertThat(waiters.register(other, 1)).isEmpty();

        waiter.close();
        second.close();

        assertThat(waiters.size()).isZero();
        try (var third = waiters.register(other, 1).orElseThrow()) {
            assertThat(third).isNotNull();
        }
    }
}
