package io.tidemark.ingest.internal;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the retries of all streams of one provider in proportion to its calls, so that retries
 * cannot be what keeps an overloaded provider down. Each call earns a fraction of a retry, up to a
 * reserve that a quiet provider may spend at once. Thread-safe.
 */
final class RetryBudget {
    /** Most retries that can be saved up. */
    static final double RESERVE = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final double perCall;
    private double balance = RESERVE;

    /**
     * @param perCall what one call earns, 0 to 1; with 0 nothing is ever retried
     */
    RetryBudget(double perCall) {
        this.perCall = perCall;
    }

    /** A stream is asked for the first time. */
    void earn() {
        lock.lock();
        try {
            balance = Math.min(RESERVE, balance + perCall);
        } finally {
            lock.unlock();
        }
    }

    /** Takes one retry out, if there is one. */
    boolean spend() {
        lock.lock();
        try {
            if (perCall == 0 || balance < 1) {
                return false;
            }
            balance--;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
