package io.tidemark.devkit.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.Chunking;
import io.tidemark.devkit.Pacing;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * A response in background mode: its events are made at their pace, once, on a thread of its own,
 * and kept, so that any number of clients can read them from any number on. Events have the numbers
 * 0, 1, 2, … in the order in which they are kept.
 *
 * <pre>
 *   generating --last event--&gt; ended
 *       +--------cancel------&gt; cancelled
 *       +--------forget------&gt; forgotten
 * </pre>
 *
 * <p>Thread-safe: guarded by its lock.
 */
final class StoredResponse implements Waiter {

    private enum State {
        GENERATING,
        ENDED,
        CANCELLED,
        FORGOTTEN
    }

    /**
     * What was asked for when it was begun.
     *
     * @param streamed whether as a stream; only then can it be read as one
     * @param chunking how the bodies that its events are read in are cut
     * @param faults what is to go wrong with whoever reads them
     * @param attempted what each of them is an attempt at
     */
    record Terms(
            boolean streamed, Chunking chunking, FaultDirectives faults, ByteBuffer attempted) {}

    /**
     * One event as it is sent.
     *
     * @param bytes nobody changes them
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Event(byte[] bytes, boolean token) {
        @Override
        public String toString() {
            return "Event[" + bytes.length + " bytes]";
        }
    }

    private static final int EVENTS_QUEUED = 2;
    private static final String QUEUED = "queued";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Event> events = new ArrayList<>();
    private final ResponseObject response;
    private final Terms terms;
    private State state = State.GENERATING;
    private @Nullable ObjectNode ended;

    StoredResponse(ResponseObject response, Terms terms) {
        this.response = response;
        this.terms = terms;
    }

    String id() {
        return response.id();
    }

    Terms terms() {
        return terms;
    }

    /**
     * Makes the events, each in its time, until there are no more or it is told to stop.
     *
     * @param kept told how many bytes each takes
     * @param whole told that there are no more, before anybody who reads them is
     */
    void generate(Answer.Background answer, Pacing pacing, IntConsumer kept, Runnable whole) {
        var pacer = new Pacer(this, pacing, false, System.nanoTime());
        for (var run : answer.events()) {
            for (var index = 0L; index < run.count(); index++) {
                if (run.token() && pacer.awaitToken()) {
                    return;
                }
                var event = new Event(run.bytes().apply(index), run.token());
                if (!keep(event)) {
                    return;
                }
                kept.accept(event.bytes().length);
            }
        }
        end(answer.ended().get(), whole);
    }

    private boolean keep(Event event) {
        lock.lock();
        try {
            if (state != State.GENERATING) {
                return false;
            }
            events.add(event);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end(ObjectNode json, Runnable whole) {
        lock.lock();
        try {
            if (state == State.GENERATING) {
                ended = json;
                whole.run();
                become(State.ENDED);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Generates no more of it; does nothing if it has ended. */
    void cancel() {
        lock.lock();
        try {
            if (state == State.GENERATING) {
                become(State.CANCELLED);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of its events: whoever reads them finds the end at once. */
    void forget() {
        lock.lock();
        try {
            events.clear();
            become(State.FORGOTTEN);
        } finally {
            lock.unlock();
        }
    }

    private void become(State next) {
        state = next;
        changed.signalAll();
    }

    /** Lets those who wait look again at whether their client is still there. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is an event of that number already. */
    boolean has(long number) {
        lock.lock();
        try {
            return number < events.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for an event.
     *
     * @param left whether nobody waits for it any more; looked at again after {@link #wake}
     * @return empty if there is none of that number and never will be, or nobody waits for it
     */
    Optional<Event> await(long number, BooleanSupplier left) {
        lock.lock();
        try {
            while (number >= events.size() && state == State.GENERATING && !left.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
            return number < events.size() && !left.getAsBoolean()
                    ? Optional.of(events.get((int) number))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The response as it was when it was created: whoever asked for it is told this. */
    byte[] created() {
        return bytes(response.json(QUEUED));
    }

    /** The response as it stands. */
    byte[] json() {
        lock.lock();
        try {
            var json =
                    switch (state) {
                        case GENERATING ->
                                response.json(
                                        events.size() <= EVENTS_QUEUED ? QUEUED : "in_progress");
                        case ENDED -> requireNonNull(ended, "ended");
                        case CANCELLED, FORGOTTEN -> response.json("cancelled");
                    };
            return bytes(json);
        } finally {
            lock.unlock();
        }
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    boolean ended() {
        lock.lock();
        try {
            return state != State.GENERATING;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more of it is to be made: for the pacer. */
    @Override
    public boolean isGone() {
        return ended();
    }

    @Override
    public boolean goneWithin(long nanos) {
        lock.lock();
        try {
            var left = nanos;
            while (left > 0 && state == State.GENERATING) {
                left = changed.awaitNanos(left);
            }
            return state != State.GENERATING;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
