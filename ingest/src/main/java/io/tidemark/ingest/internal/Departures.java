package io.tidemark.ingest.internal;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * Partitions that were handed over while streams of theirs were in flight: they stay here until the
 * last of these has ended, with their leases kept, and their commands read without the group.
 *
 * <pre>
 *   OwnedPartition --revoked--&gt; letting go --last stream ended, or taken over--&gt; forgotten
 * </pre>
 *
 * <p>Bounded by the streams that may be in flight. Confined to the command loop's thread.
 */
final class Departures implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> readers;
    private final String topicName;
    /* A partition may have come back and gone again before its streams have ended. */
    private final List<Departed> departed = new ArrayList<>();
    private @Nullable Consumer<byte[], byte[]> reader;

    /**
     * @param readers makes consumers of commands that are in no group
     */
    Departures(Supplier<Consumer<byte[], byte[]>> readers, String topicName) {
        this.readers = readers;
        this.topicName = topicName;
    }

    /** Takes in a partition that is not ours any more; nothing is kept if nothing is in flight. */
    void add(Departed partition) {
        if (partition.isOver()) {
            return;
        }
        departed.add(partition);
        assign().seek(of(partition), from(of(partition)));
    }

    /** Reads the commands that have come since. */
    void turn(Duration longest) {
        forgetEnded();
        if (reader == null) {
            return;
        }
        for (var record : reader.poll(longest)) {
            departed.stream()
                    .filter(partition -> partition.partition() == record.partition())
                    .forEach(partition -> partition.take(record));
        }
        forgetEnded();
    }

    private void forgetEnded() {
        if (departed.removeIf(Departed::isOver)) {
            if (departed.isEmpty()) {
                close();
            } else {
                assign();
            }
        }
    }

    private Consumer<byte[], byte[]> assign() {
        var assigned = reader == null ? readers.get() : reader;
        reader = assigned;
        var wanted = new HashSet<TopicPartition>();
        departed.forEach(partition -> wanted.add(of(partition)));
        assigned.assign(wanted);
        return assigned;
    }

    /* Commands may be read twice; they mean the same then. */
    private long from(TopicPartition partition) {
        return departed.stream()
                .filter(gone -> gone.partition() == partition.partition())
                .mapToLong(Departed::from)
                .min()
                .orElseThrow();
    }

    private TopicPartition of(Departed partition) {
        return new TopicPartition(topicName, partition.partition());
    }

    boolean isEmpty() {
        return departed.isEmpty();
    }

    /** All that are here. */
    Collection<Departed> partitions() {
        return List.copyOf(departed);
    }

    /** Forgets all, whatever is in flight. */
    void clear() {
        departed.clear();
        close();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close(CloseOptions.timeout(CLOSE_MAX));
            reader = null;
        }
    }
}
