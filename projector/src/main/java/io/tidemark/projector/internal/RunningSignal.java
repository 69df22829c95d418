package io.tidemark.projector.internal;

import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.KafkaStreams.StateListener;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Waits until Kafka Streams runs. It may have run before and be at a rebalance again, as when
 * another instance joins: that is waited out, and is no failure. Thread-safe.
 */
final class RunningSignal implements StateListener {
    private final Supplier<State> state;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /**
     * A signal that has to be told of every change.
     *
     * @param state what it is doing now; a change is told after this shows it
     */
    RunningSignal(Supplier<State> state) {
        this.state = state;
    }

    @Override
    public void onChange(State now, State before) {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether it runs; false if the time is over or it stops. */
    boolean await(Duration max) throws InterruptedException {
        long left = max.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = state.get();
                if (now == State.RUNNING) {
                    return true;
                }
                if (left <= 0 || now.isShuttingDown() || now.hasCompletedShutdown()) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
