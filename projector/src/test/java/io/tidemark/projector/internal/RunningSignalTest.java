package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.FutureTask;

final class RunningSignalTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private volatile State state = State.CREATED;
    private final RunningSignal signal = new RunningSignal(() -> state);

    private void become(State next) {
        var before = state;
        state = next;
        signal.onChange(next, before);
    }

    private FutureTask<Boolean> awaiting() throws InterruptedException {
        var waiting = new FutureTask<>(() -> signal.await(LONG));
        var thread = Thread.ofPlatform().start(waiting);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    @Test
    void waitsForItToRun() throws Exception {
        var waiting = awaiting();

        become(State.REBALANCING);
        become(State.RUNNING);

        assertThat(waiting.get()).isTrue();
        assertThat(signal.await(Duration.ZERO)).isTrue();
    }

    @Test
    void waitsOutARebalanceThatCameAfterItRan() throws Exception {
        become(State.RUNNING);
        become(State.REBALANCING);
        var waiting = awaiting();

        become(State.RUNNING);

        assertThat(waiting.get()).isTrue();
    }

    @Test
    void givesUpWhenTheTimeIsOver() throws Exception {
        become(State.REBALANCING);

        assertThat(signal.await(Duration.ofMillis(1))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING_SHUTDOWN", "NOT_RUNNING", "PENDING_ERROR", "ERROR"})
    void doesNotWaitForWhatStops(State last) throws Exception {
        become(State.RUNNING);
        become(State.REBALANCING);
        var waiting = awaiting();

        become(last);

        assertThat(waiting.get()).isFalse();
    }
}
