package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

@Timeout(20)
class TailThreadTest {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final MockConsumer<byte[], byte[]> consumer =
            new MockConsumer<>("none") {
                @Override
                public synchronized void close() {
                    super.close();
                    closed.countDown();
                }
            };
    private final LinkedBlockingQueue<String> turns = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<RuntimeException> failures = new LinkedBlockingQueue<>();

    private TailThread started(Runnable turn) {
        var thread = new TailThread("tail", consumer, turn, failures::add);
        thread.start();
        return thread;
    }

    private void turn() {
        turns.add(Thread.currentThread().getName());
        consumer.poll(Duration.ofMillis(1));
    }

    @Test
    void turnsOnItsOwnThreadUntilItIsClosed() throws Exception {
        try (var _ = started(this::turn)) {
            assertThat(turns.take()).isEqualTo("tail");
            assertThat(turns.take()).isEqualTo("tail");
        }
        assertThat(consumer.closed()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void goesOnAfterATurnThatFailed() throws Exception {
        var broken = new IllegalStateException("broken");
        Runnable once =
                () -> {
                    if (failures.isEmpty()) {
                        throw broken;
                    }
                    turn();
                };
        try (var _ = started(once)) {
            assertThat(failures.take()).isSameAs(broken);
            failures.add(broken);
            assertThat(turns.take()).isEqualTo("tail");
        }
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void endsInThePauseWhenItIsClosed() throws Exception {
        var tail =
                started(() -> {
                    throw new IllegalStateException("broken");
                });
        failures.take();
        tail.close();

        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        var tail =
                started(() -> {
                    throw new InterruptException("somebody wants it to end");
                });
        closed.await();

        assertThat(failures).hasSize(1);
        tail.close();
    }
}
