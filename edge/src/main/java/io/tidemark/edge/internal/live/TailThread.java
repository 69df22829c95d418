package io.tidemark.edge.internal.live;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread of its own for a consumer of its own: one turn after the other until it is closed, with
 * a pause after each that failed. It has no end of attempts: whoever follows a topic waits for it.
 *
 * <p>{@link #start} and {@link #close} may be called by any thread, once each.
 */
final class TailThread implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TailThread.class);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Runnable turn;
    private final java.util.function.Consumer<RuntimeException> failed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /**
     * A thread that is not started yet.
     *
     * @param name of the thread
     * @param consumer closed by the thread when it ends
     * @param turn polls the consumer once, for a short while, and takes what it gives
     * @param failed told of a turn that failed, before the pause
     */
    TailThread(
            String name,
            Consumer<?, ?> consumer,
            Runnable turn,
            java.util.function.Consumer<RuntimeException> failed) {
        this.consumer = consumer;
        this.turn = turn;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean on = true;
        while (on && stop.getCount() > 0) {
            on = turnOrPause();
        }
        consumer.close();
    }

    /** Returns whether to go on. */
    private boolean turnOrPause() {
        try {
            turn.run();
            return true;
        } catch (WakeupException e) {
            return false;
        } catch (RuntimeException e) {
            failed.accept(e);
            return pause();
        }
    }

    private boolean pause() {
        try {
            return !stop.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops the thread, which closes the consumer; waits a few seconds at most. */
    @Override
    public void close() {
        stop.countDown();
        consumer.wakeup();
        try {
            if (!thread.join(STOP_MAX)) {
                LOGGER.atWarn()
                        .addKeyValue("threadName", thread.getName())
                        .log("tail did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
