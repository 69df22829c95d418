package io.tidemark.devkit.internal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A gate that bytes pass while it is open and wait at while it is closed. Thread-safe. */
final class FlowGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    void close(boolean close) {
        lock.lock();
        try {
            closed = close;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has those who wait look again whether they have given up. */
    void recheck() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the gate is open, or whoever waits has given up. */
    void pass(BooleanSupplier givenUp) {
        lock.lock();
        try {
            while (closed && !givenUp.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
