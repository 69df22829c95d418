package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets at most so many through at a time; the rest wait their turn in the order of asking.
 *
 * <p>Differs from a semaphore in that nobody blocks in it: a grant is told to the one who asked,
 * who may be told other things meanwhile. Those who wait are as many as there are streams in
 * flight, which the worker bounds. Thread-safe; grants are told outside the lock.
 */
final class ConcurrencyGate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private int free;

    ConcurrencyGate(int permits) {
        this.free = permits;
    }

    /**
     * Asks to be let through.
     *
     * @param granted called once, on this thread or on that of whoever leaves; must not block
     */
    Ticket request(Runnable granted) {
        var ticket = new Ticket(granted);
        if (admitOrQueue(ticket)) {
            granted.run();
        }
        return ticket;
    }

    private boolean admitOrQueue(Ticket ticket) {
        lock.lock();
        try {
            if (free == 0) {
                waiting.add(ticket);
                return false;
            }
            free--;
            ticket.admitted = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Ticket ticket) {
        var next = successor(ticket);
        if (next != null) {
            next.granted.run();
        }
    }

    private @Nullable Ticket successor(Ticket leaving) {
        lock.lock();
        try {
            if (leaving.left) {
                return null;
            }
            leaving.left = true;
            if (!leaving.admitted) {
                waiting.remove(leaving);
                return null;
            }
            var next = waiting.poll();
            if (next == null) {
                free++;
            } else {
                next.admitted = true;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** A place in the queue, then inside; closing it gives up either. Idempotent. */
    final class Ticket implements AutoCloseable {
        private final Runnable granted;
        /* Both guarded by the gate's lock. */
        private boolean admitted;
        private boolean left;

        private Ticket(Runnable granted) {
            this.granted = granted;
        }

        @Override
        public void close() {
            leave(this);
        }
    }
}
