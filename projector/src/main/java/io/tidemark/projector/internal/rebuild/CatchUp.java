package io.tidemark.projector.internal.rebuild;

import io.tidemark.projector.RebuildFailedException;
import io.tidemark.projector.RebuildListener;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until a group has read partitions to their ends, which move meanwhile: until it gets within
 * {@link #BEHIND_MAX} to where the ends were when that time began. Confined to one thread.
 */
final class CatchUp {
    /** How old an end may be when the group gets there. */
    static final Duration BEHIND_MAX = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(200);

    private final Brokers brokers;
    private final String group;
    private final List<TopicPartition> partitions;
    private final RebuildListener listener;
    private Map<TopicPartition, Long> ends = Map.of();
    private Map<TopicPartition, Long> beginnings = Map.of();
    private Map<TopicPartition, Long> read = Map.of();
    private long endedAt;

    CatchUp(
            Brokers brokers,
            String group,
            List<TopicPartition> partitions,
            RebuildListener listener) {
        this.brokers = brokers;
        this.group = group;
        this.partitions = partitions;
        this.listener = listener;
    }

    /**
     * Waits.
     *
     * @param alive whether whoever reads still does
     * @throws RebuildFailedException if it does not, or if retention has removed what was to be
     *     read
     */
    void await(BooleanSupplier alive) throws InterruptedException {
        while (!reachedAll()) {
            if (!alive.getAsBoolean()) {
                throw new RebuildFailedException("the stream threads of the rebuild have stopped");
            }
            listener.behind(behind());
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while catching up");
            }
        }
    }

    private boolean reachedAll() throws InterruptedException {
        boolean reached = reached();
        refuseOvertaken();
        return reached;
    }

    /** Looks once whether the group has got there. */
    boolean reached() throws InterruptedException {
        if (ends.isEmpty() || System.nanoTime() - endedAt > BEHIND_MAX.toNanos()) {
            ends = brokers.ends(partitions);
            endedAt = System.nanoTime();
        }
        beginnings = brokers.beginnings(partitions);
        read = brokers.committed(group);
        return behind() == 0;
    }

    /* What is not there any more is not waited for: whoever may not miss it has to say so. */
    private long behind() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - next(end.getKey())))
                .sum();
    }

    private long next(TopicPartition partition) {
        return Math.max(read.getOrDefault(partition, 0L), beginnings.getOrDefault(partition, 0L));
    }

    private void refuseOvertaken() {
        for (var partition : partitions) {
            long reached = read.getOrDefault(partition, 0L);
            long beginning = beginnings.getOrDefault(partition, 0L);
            if (reached < beginning) {
                throw new RebuildFailedException(
                        "cannot go on in %s: retention has removed events up to offset %d, and %d was read"
                                .formatted(partition, beginning, reached));
            }
        }
    }
}
