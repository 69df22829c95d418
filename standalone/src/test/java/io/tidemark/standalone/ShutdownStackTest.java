package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class ShutdownStackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> closed = new ArrayList<>();
    private final ShutdownStack stack = new ShutdownStack();

    @Test
    void closesWhatWasStartedLastFirstAndGoesOnBehindAFailure() {
        stack.push("kafka", () -> closed.add("kafka"));
        stack.push(
                "ingest",
                () -> {
                    throw new IllegalStateException("does not close");
                });
        stack.push("edge", () -> closed.add("edge"));

        stack.close();

        assertThat(closed).containsExactly("edge", "kafka");
        assertThat(stack.clean()).isFalse();
    }

    @Test
    void tellsThatARoleHasEndedByItself() {
        var stopped = new CompletableFuture<Void>();
        stack.watch("ingest", stopped);
        var told = CompletableFuture.runAsync(this::awaitFailure);
        assertThat(told).isNotDone();

        stopped.completeExceptionally(new IllegalStateException("fenced"));

        assertThat(told).succeedsWithin(PATIENCE);
        assertThat(stack.clean()).isFalse();
    }

    @Test
    void aRoleThatWasStoppedHasNotFailed() {
        var stopped = new CompletableFuture<Void>();
        stack.watch("ingest", stopped);

        stopped.complete(null);

        assertThat(stack.clean()).isTrue();
    }

    @Test
    void aRoleThatFailsWhileItIsClosedDoesNotWaitForWhoClosesIt() {
        var stopped = new CompletableFuture<Void>();
        stack.watch("ingest", stopped);
        stack.push(
                "ingest",
                () -> {
                    var loop =
                            CompletableFuture.runAsync(() ->
                                    stopped.completeExceptionally(
                                            new IllegalStateException("fenced")));
                    assertThat(loop).succeedsWithin(PATIENCE);
                    closed.add("ingest");
                });

        stack.close();

        assertThat(closed).containsExactly("ingest");
        assertThat(stack.clean()).isFalse();
    }

    private void awaitFailure() {
        try {
            stack.awaitFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
