package io.tidemark.standalone.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Readers of one server, all on one thread. Thread-safe.
 *
 * <p>Connections are made from several addresses of the loopback, 127.0.0.1 to 127.0.0.{@value
 * #SOURCES}: each has ports of its own, about 28,000 where nothing else is set.
 */
public final class Fleet implements AutoCloseable {
    private static final int SOURCES = 8;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final Loop loop;
    private volatile URI server;
    private final List<SseReader> readers = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private int source;

    /** A fleet without readers. */
    public Fleet(URI server) {
        this.server = server;
        this.loop = new Loop("tidemark-load");
    }

    Loop loop() {
        return loop;
    }

    /** Where readers connect to. */
    public URI server() {
        return server;
    }

    /** Has readers connect to another address from now on; those that are connected stay there. */
    public void moveTo(URI address) {
        server = address;
    }

    InetSocketAddress nextSource() {
        source = (source + 1) % SOURCES;
        return new InetSocketAddress("127.0.0." + (source + 1), 0);
    }

    /** Adds a reader, which is not open yet. */
    public SseReader add(StreamRequest request, ReaderListener listener) {
        var reader = new SseReader(this, request, listener);
        run(() -> readers.add(reader));
        return reader;
    }

    /** Has the fleet's thread do something, soon and in order. */
    public void run(Runnable task) {
        loop.execute(task);
    }

    /** Has the fleet's thread do something with each of some readers, without a break. */
    public void each(List<SseReader> some, Consumer<SseReader> action) {
        run(() -> some.forEach(action));
    }

    /**
     * Opens readers, so many a second, and returns when the last one has been told to connect.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void openGradually(List<SseReader> some, int perSecond) throws InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < some.size(); i++) {
            long due = began + TimeUnit.SECONDS.toNanos(i) / perSecond;
            pause(Duration.ofNanos(due - System.nanoTime()));
            run(some.get(i)::open);
        }
    }

    /** What all readers have seen so far. */
    public Tally tally() {
        return loop.ask(() -> sum(readers));
    }

    /** What some have seen so far. */
    public Tally tally(List<SseReader> some) {
        return loop.ask(() -> sum(some));
    }

    private static Tally sum(List<SseReader> some) {
        return some.stream().map(SseReader::tally).reduce(Tally.NONE, Tally::plus);
    }

    /**
     * Waits until a number, told by the fleet's thread, is as large as that.
     *
     * @return whether it was, before the time was over
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean await(LongSupplier number, long wanted, Duration longest)
            throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (loop.<Long>ask(number::getAsLong) < wanted) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause(LOOK_AGAIN);
        }
        return true;
    }

    private void pause(Duration duration) throws InterruptedException {
        if (duration.isPositive() && never.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("what never happens has happened");
        }
    }

    /** Cuts all readers off. */
    @Override
    public void close() {
        loop.close();
    }
}
