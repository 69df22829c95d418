package io.tidemark.ingest.internal;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Where everything that concerns one stream arrives, in one order, and the only place its thread
 * waits while the provider speaks.
 *
 * <p>Bounded by protocol, not by refusing: one grant, one head, one end, one stop of each reason,
 * one errand, and no second chunk of bytes before the first was handled, since bytes are asked for
 * one chunk at a time. Thread-safe; one thread takes.
 */
final class Mailbox {
    /* More than the protocol can ever need; an overflow is a bug and says so. */
    private static final int ARRIVALS_MAX = 16;

    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(ARRIVALS_MAX);

    /**
     * Leaves something for the stream's thread. Never blocks.
     *
     * @throws IllegalStateException if the sender does not keep to the protocol
     */
    void post(Arrival arrival) {
        arrivals.add(arrival);
    }

    /** The next arrival, or {@link Arrival.Silence} if there is none in that time. */
    Arrival take(Duration longest) {
        try {
            var arrival = arrivals.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
            return arrival == null ? new Arrival.Silence() : arrival;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Arrival.Stop(StopReason.ABANDONED);
        }
    }
}
