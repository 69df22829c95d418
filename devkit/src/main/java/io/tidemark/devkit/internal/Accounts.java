package io.tidemark.devkit.internal;

import io.tidemark.devkit.SimulatedRequest;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.devkit.SimulatedUsage;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The accounts of all requests: those that are being answered, and the newest of those that were.
 * Thread-safe.
 */
public final class Accounts {

    /** How often a waiter looks at what nobody signals: bytes and tokens on their way. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final InstantSource clock;
    private final int endedMax;
    private final UsageJournal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, RequestAccount> open = new HashMap<>();
    private final ArrayDeque<RequestAccount> ended = new ArrayDeque<>();
    private long lastId;
    private SimulatedUsage usage = SimulatedUsage.NONE;

    Accounts(InstantSource clock, int endedMax, UsageJournal journal) {
        this.clock = clock;
        this.endedMax = endedMax;
        this.journal = journal;
    }

    RequestAccount open(HttpRequest request) {
        lock.lock();
        try {
            var account = new RequestAccount(++lastId, request, clock.instant());
            open.put(account.id(), account);
            changed.signalAll();
            return account;
        } finally {
            lock.unlock();
        }
    }

    void end(RequestAccount account, Ending ending) {
        lock.lock();
        try {
            account.end(ending, clock.instant());
            open.remove(account.id());
            ended.addLast(account);
            if (ended.size() > endedMax) {
                ended.removeFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void report(Reported reported) {
        lock.lock();
        try {
            usage = usage.plus(reported.usage());
            journal.add(reported);
        } finally {
            lock.unlock();
        }
    }

    /** The sum of what was reported. */
    public SimulatedUsage usage() {
        lock.lock();
        try {
            return usage;
        } finally {
            lock.unlock();
        }
    }

    /** All accounts, in the order in which the requests came. */
    public List<SimulatedRequest> requests() {
        lock.lock();
        try {
            return Stream.concat(ended.stream(), open.values().stream())
                    .map(RequestAccount::snapshot)
                    .sorted((a, b) -> Long.compare(a.id(), b.id()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a request, the first of those that fit. */
    public SimulatedRequest await(Predicate<SimulatedRequest> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        var deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (true) {
                Optional<SimulatedRequest> found =
                        requests().stream().filter(condition).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new TimeoutException(
                            "none of " + requests().size() + " requests came to fit in " + timeout);
                }
                var _ = changed.awaitNanos(LOOK_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }
}
