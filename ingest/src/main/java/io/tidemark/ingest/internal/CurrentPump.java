package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where whoever decides the end of a stream finds what the stream is busy with: the pump of its
 * connection to a provider, or a pause between two. Thread-safe: guarded by its lock.
 */
final class CurrentPump {
    private final ReentrantLock lock = new ReentrantLock();
    private Mailbox mailbox = new Mailbox();
    private @Nullable UpstreamPump pump;
    private @Nullable StopReason stop;
    private @Nullable ResumableNormaliser response;

    /** The end was decided; a reason that outranks the one before overrides it. */
    void stop(StopReason reason) {
        lock.lock();
        try {
            if (stop == null || reason.compareTo(stop) > 0) {
                stop = reason;
                mailbox.post(new Arrival.Stop(reason));
                if (pump != null) {
                    pump.disconnect();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Why the end was decided, if it was. */
    Optional<StopReason> stopped() {
        lock.lock();
        try {
            return Optional.ofNullable(stop);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a pump in charge. Each has a mailbox of its own, so that nothing of one connection
     * reaches the next; a reason to stop that came between two is in the new one.
     */
    UpstreamPump renew(Function<Mailbox, UpstreamPump> next) {
        lock.lock();
        try {
            var made = next.apply(emptyMailbox());
            pump = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    private Mailbox emptyMailbox() {
        mailbox = new Mailbox();
        if (stop != null) {
            mailbox.post(new Arrival.Stop(stop));
        }
        return mailbox;
    }

    /** The response that is read goes on by itself, or none does; by the stream's thread. */
    void goesOn(@Nullable ResumableNormaliser now) {
        lock.lock();
        try {
            response = now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells the provider that nobody wants any more of the response, if it would go on with it; by
     * the stream's thread, when the stream has ended in another way.
     */
    void cancelAtProvider() {
        ResumableNormaliser goingOn;
        lock.lock();
        try {
            goingOn = response;
        } finally {
            lock.unlock();
        }
        if (goingOn != null) {
            goingOn.cancelAtProvider();
        }
    }

    /**
     * Waits while no pump is in charge.
     *
     * @return empty when the time has passed without anybody deciding the end
     */
    Optional<StopReason> rest(Duration pause, LongSupplier nanos) {
        var quiet = quiet();
        long until = nanos.getAsLong() + pause.toNanos();
        while (true) {
            long left = until - nanos.getAsLong();
            if (left <= 0) {
                return Optional.empty();
            }
            if (quiet.take(Duration.ofNanos(left)) instanceof Arrival.Stop(var reason)) {
                return Optional.of(reason);
            }
        }
    }

    private Mailbox quiet() {
        lock.lock();
        try {
            pump = null;
            return emptyMailbox();
        } finally {
            lock.unlock();
        }
    }
}
