package io.tidemark.ingest.internal;

import io.tidemark.schemas.StreamEvent;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one stream that were sent and are not known to be in the log, eldest first: what
 * has to be sent again if the log breaks.
 *
 * <pre>
 *   open --broke--&gt; broken --restart--&gt; open
 * </pre>
 *
 * <p>Bounded by {@link #BYTES_MAX}: whoever adds to a full one waits until enough was acknowledged
 * or the log broke, and reads nothing more from its provider meanwhile. An event larger than that
 * is taken alone. Thread-safe; one thread adds.
 */
final class Unacknowledged {
    /** Most bytes of JSON that one stream has on their way, unless they are one event. */
    static final int BYTES_MAX = 256 * 1024;

    private record Sent(StreamEvent event, int bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /* All guarded by the lock. */
    private final Queue<Sent> sent = new ArrayDeque<>();
    private long bytes;
    private boolean broken;

    /**
     * Adds the next event, in order of sequence, once there is room.
     *
     * @return false if the log is broken: then it was not added
     */
    boolean add(StreamEvent event, int size) {
        lock.lock();
        try {
            while (!broken && bytes > 0 && bytes + size > BYTES_MAX) {
                /* Ends with an acknowledgement or a failure, one of which always comes. */
                changed.awaitUninterruptibly();
            }
            if (broken) {
                return false;
            }
            sent.add(new Sent(event, size));
            bytes += size;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Everything up to that sequence is in the log. */
    void acknowledged(long sequence) {
        lock.lock();
        try {
            forgetBelow(sequence + 1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The log broke: nothing is added until it was read back. */
    void broke() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The log was read back, and is not broken any more.
     *
     * @param next the first sequence that it lacks
     * @return what has to be sent again, in order; it stays here until it is acknowledged
     */
    List<StreamEvent> restart(long next) {
        lock.lock();
        try {
            forgetBelow(next);
            broken = false;
            return sent.stream().map(Sent::event).toList();
        } finally {
            lock.unlock();
        }
    }

    private void forgetBelow(long sequence) {
        var eldest = sent.peek();
        while (eldest != null && eldest.event().sequence() < sequence) {
            bytes -= eldest.bytes();
            sent.remove();
            eldest = sent.peek();
        }
    }
}
