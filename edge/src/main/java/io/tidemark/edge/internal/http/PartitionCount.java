package io.tidemark.edge.internal.http;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How many partitions this edge has, and how many there are by now. It has those that it found when
 * it started; of partitions that are added later it only knows that they are there, so that a
 * stream of another edge in one of them is not taken for one that never was. It looks every few
 * seconds, on a thread of its own. Thread-safe.
 */
public final class PartitionCount implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionCount.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    /** Asks how many there are now. */
    @FunctionalInterface
    interface Question {
        /** Returns how many, or fails if that cannot be told. */
        int ask() throws InterruptedException, ExecutionException, TimeoutException;
    }

    private final Question question;
    private final int own;
    private final CountDownLatch closed = new CountDownLatch(1);
    /* Written by the thread that looks. */
    private volatile int known;

    PartitionCount(Question question, int own) {
        this.question = question;
        this.own = own;
        this.known = own;
    }

    /**
     * Starts to look.
     *
     * @param admin used, not closed
     * @param topic the topic of events
     * @param own how many it had when the edge started
     */
    public static PartitionCount start(Admin admin, String topic, int own) {
        var count = new PartitionCount(() -> partitions(admin, topic), own);
        Thread.ofPlatform().name("tidemark-edge-partitions").daemon().start(count::run);
        return count;
    }

    /** The number that this edge has: streams are started in these, and ids of these are read. */
    public int own() {
        return own;
    }

    /** Whether a partition is one that was added since this edge started. */
    boolean added(int partition) {
        return partition >= own && partition < known;
    }

    private void run() {
        try {
            while (!closed.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int partitions(Admin admin, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        int timeoutMs = Math.toIntExact(ANSWER_MAX.toMillis());
        var options = new DescribeTopicsOptions().timeoutMs(timeoutMs);
        var described =
                admin.describeTopics(List.of(topic), options)
                        .allTopicNames()
                        .get(2L * timeoutMs, TimeUnit.MILLISECONDS);
        return Objects.requireNonNull(described.get(topic)).partitions().size();
    }

    /** Looks once. */
    void look() throws InterruptedException {
        try {
            int now = question.ask();
            if (now > known) {
                LOGGER.atWarn()
                        .addKeyValue("partitions", now)
                        .log(
                                "partitions were added, this edge does not serve them until it is restarted");
                known = now;
            }
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atDebug()
                    .addKeyValue("error", e.toString())
                    .log("cannot tell how many partitions there are");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
