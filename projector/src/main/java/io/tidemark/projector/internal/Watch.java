package io.tidemark.projector.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at regular intervals whether Kafka answers, and how near the copies are. Has a thread of
 * its own.
 */
final class Watch implements AutoCloseable {
    /** How often it looks. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Logger LOGGER = LoggerFactory.getLogger(Watch.class);

    private final Thread thread;

    /**
     * Begins to look.
     *
     * @param partitions those that the log has
     * @param copies told how near they are
     * @param lags asks how far stores are from their ends, which may take long and may fail
     */
    Watch(
            LogEnds ends,
            Set<Integer> partitions,
            Copies copies,
            Supplier<Map<String, Map<Integer, Long>>> lags) {
        this.thread =
                Thread.ofVirtual()
                        .name("projector-watch")
                        .start(() -> run(ends, partitions, copies, lags));
    }

    private static void run(
            LogEnds ends,
            Set<Integer> partitions,
            Copies copies,
            Supplier<Map<String, Map<Integer, Long>>> lags) {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                var _ = ends.now(partitions, INTERVAL);
                copies.take(lagsOrNone(lags));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /* What cannot be told is not near. */
    private static Map<String, Map<Integer, Long>> lagsOrNone(
            Supplier<Map<String, Map<Integer, Long>>> lags) {
        try {
            return lags.get();
        } catch (RuntimeException e) {
            LOGGER.atDebug()
                    .addKeyValue("error", e.toString())
                    .log("it cannot be told how near the copies are");
            return Map.of();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
