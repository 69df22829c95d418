package io.tidemark.ingest.internal;

import io.tidemark.schemas.StreamEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one stream that were sent and are not known to be in the log, eldest first: what
 * has to be sent again if the log breaks.
 *
 * <pre>
 *   open --broke--&gt; broken --restart--&gt; open, on the next leg
 * </pre>
 *
 * <p>The way from one break to the next is a leg, counted from 0. What becomes of a record is told
 * by the producer's thread, which may be late: of an earlier leg it changes nothing, for the log
 * was read back since.
 *
 * <p>Bounded by {@link #BYTES_MAX}: whoever adds to a full one waits until enough was acknowledged
 * or the log broke, and reads nothing more from its provider meanwhile. An event larger than that
 * is taken alone. Thread-safe; one thread adds.
 */
final class Unacknowledged {
    /** Most bytes of JSON that one stream has on their way, unless they are one event. */
    static final int BYTES_MAX = 256 * 1024;

    /**
     * How far the log is known to be whole.
     *
     * @param next sequence of the event behind the latest acknowledged one
     * @param offset where that one is; -1 if none was acknowledged
     */
    record Acknowledged(long next, long offset) {}

    private record Sent(StreamEvent event, int bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /* All guarded by the lock. */
    private final Queue<Sent> sent = new ArrayDeque<>();
    private long bytes;
    private int leg;
    private Acknowledged acknowledged;
    /* Why the leg is over, until the next one begins. */
    private @Nullable Exception failure;

    /**
     * Nothing is on its way.
     *
     * @param next sequence of the first event
     */
    Unacknowledged(long next) {
        this.acknowledged = new Acknowledged(next, -1);
    }

    /**
     * Adds the next event, in order of sequence, once there is room.
     *
     * @return false if the log is broken: then it was not added
     */
    boolean add(StreamEvent event, int size) {
        lock.lock();
        try {
            while (failure == null && bytes > 0 && bytes + size > BYTES_MAX) {
                /* Ends with an acknowledgement or a failure, one of which always comes. */
                changed.awaitUninterruptibly();
            }
            if (failure != null) {
                return false;
            }
            sent.add(new Sent(event, size));
            bytes += size;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Everything up to that sequence is in the log, the last of it at that offset.
     *
     * @param of the leg that sent it
     * @return false if nobody asks any more: the leg is over
     */
    boolean acknowledged(int of, long sequence, long offset) {
        lock.lock();
        try {
            if (of != leg || failure != null) {
                return false;
            }
            acknowledged = new Acknowledged(sequence + 1, offset);
            forgetBelow(sequence + 1);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The log broke: nothing is added until it was read back.
     *
     * @param of the leg whose record was not taken
     * @return false if nobody asks any more: the leg is over
     */
    boolean broke(int of, Exception why) {
        lock.lock();
        try {
            if (of != leg || failure != null) {
                return false;
            }
            failure = why;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What the log did not take, if it is broken. */
    Optional<Exception> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** How far the log is known to be whole. */
    Acknowledged acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The log was read back, and is not broken any more: the next leg begins.
     *
     * @param next the first sequence that it lacks
     * @return what has to be sent again, in order; it stays here until it is acknowledged
     */
    List<StreamEvent> restart(long next) {
        lock.lock();
        try {
            leg++;
            failure = null;
            if (next > acknowledged.next()) {
                /* It stands before the fence; where is of no matter, reading on may begin earlier. */
                acknowledged = new Acknowledged(next, acknowledged.offset());
            }
            forgetBelow(next);
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
