package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Tail;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells whether this edge can do its work: Kafka answers and the tail follows. Thread-safe. */
public final class Readiness {
    private static final int ANSWER_MAX_MS = 1_000;
    private static final Duration TAIL_QUIET_MAX = Duration.ofSeconds(5);

    private final Admin admin;
    private final Tail tail;

    /**
     * A check.
     *
     * @param admin used, not closed
     */
    public Readiness(Admin admin, Tail tail) {
        this.admin = admin;
        this.tail = tail;
    }

    /** What is wrong, if something is; blocks for about a second at most. */
    Optional<String> problem() {
        if (tail.quietFor().compareTo(TAIL_QUIET_MAX) > 0) {
            return Optional.of("the tail of the log does not turn");
        }
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MAX_MS))
                    .clusterId()
                    .get(2L * ANSWER_MAX_MS, TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.of("Kafka does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
