package io.tidemark.standalone.load;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One thread that waits for all connections at once, and runs what others ask it to run between.
 * What it is asked waits without a limit, since only the benchmark asks, a few times a second.
 * Thread-safe, but for {@link #register} and {@link #after}, which belong to its own thread.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Loop.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 256 * 1_024;

    private record Timer(long at, Runnable task) {}

    private final Selector selector;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at));
    private final Thread thread;
    private volatile boolean closed;

    /** Bytes that were just read; shared by all connections, since they share a thread. */
    final byte[] bytes = new byte[BUFFER_BYTES];

    /** The same. */
    final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    Loop(String name) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wait for connections", e);
        }
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        thread.start();
    }

    /** Has its thread run something soon. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Has its thread say something, and waits for it. */
    <T> T ask(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, this::execute).join();
    }

    /** Runs something later. */
    void after(Duration delay, Runnable task) {
        timers.add(new Timer(System.nanoTime() + delay.toNanos(), task));
    }

    /** Has a connection told what it can do. */
    SelectionKey register(SocketChannel channel, int interest, Connection connection)
            throws IOException {
        return channel.register(selector, interest, connection);
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(this::ready, millisToWait());
                runTasks();
                runTimers();
            }
            selector.keys().forEach(key -> ((Connection) key.attachment()).close());
        } catch (IOException | RuntimeException e) {
            LOGGER.atError().setCause(e).log("the load's thread has ended");
        }
    }

    /* 0 would be for ever. */
    private long millisToWait() {
        var next = timers.peek();
        if (next == null) {
            return 0;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.at - System.nanoTime()));
    }

    private void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready();
    }

    private void runTasks() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void runTimers() {
        for (var next = timers.peek();
                next != null && next.at - System.nanoTime() <= 0;
                next = timers.peek()) {
            timers.remove();
            next.task.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            if (!thread.join(STOP_MAX)) {
                LOGGER.atWarn().log("the load's thread did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
