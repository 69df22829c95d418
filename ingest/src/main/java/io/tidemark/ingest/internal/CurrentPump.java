package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where whoever decides the end of a stream finds what the stream is busy with: the pump of its
 * connection to a provider, or a pause between two; and whoever has an errand for its thread.
 * Thread-safe: guarded by its lock.
 */
final class CurrentPump {
    private final ReentrantLock lock = new ReentrantLock();
    private Mailbox mailbox = new Mailbox();
    private @Nullable UpstreamPump pump;
    private @Nullable StopReason stop;
    private @Nullable ResumableNormaliser response;
    /* What the stream's thread has not come to. */
    private Arrival.@Nullable Errand errand;

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
     * Gives the stream's thread something to do, soon, unless something waits to be done already.
     * It may be done where it is not needed any more.
     */
    void errand(Runnable task) {
        lock.lock();
        try {
            if (errand == null) {
                errand = new Arrival.Errand(() -> done(task));
                mailbox.post(errand);
            }
        } finally {
            lock.unlock();
        }
    }

    private void done(Runnable task) {
        lock.lock();
        try {
            errand = null;
        } finally {
            lock.unlock();
        }
        task.run();
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
        if (errand != null) {
            mailbox.post(errand);
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
            switch (quiet.take(Duration.ofNanos(left))) {
                case Arrival.Stop(var reason) -> {
                    return Optional.of(reason);
                }
                case Arrival.Errand(var task) -> task.run();
                default -> {} // nobody is connected
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
