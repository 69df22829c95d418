package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class InsistenceTest {
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private final Insistence insistence = new Insistence(Duration.ofMillis(1), abandoned);

    @Test
    void outlivesKafkaBeingAway() {
        var taken =
                insistence.untilTaken(() -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new KafkaException("Failed to construct kafka consumer");
                    }
                    return attempts.get();
                });

        assertThat(taken).hasValue(3);
    }

    @Test
    void outlivesABugOfOurs() {
        var taken =
                insistence.untilTaken(() -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("a bug");
                    }
                    return attempts.get();
                });

        assertThat(taken).hasValue(3);
    }

    @Test
    void givesUpWhatIsNotOursAnyMore() {
        var taken =
                insistence.untilTaken(() -> {
                    abandoned.countDown();
                    throw new LogFailedException("write", new TimeoutException("late"));
                });

        assertThat(taken).isEmpty();
    }
}
