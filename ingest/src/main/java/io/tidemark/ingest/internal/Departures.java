package io.tidemark.ingest.internal;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Partitions that were handed over while streams of theirs were in flight: they stay here until the
 * last of these has ended, and their commands are read without the group.
 *
 * <pre>
 *   OwnedPartition --revoked--&gt; departed --last stream ended, or taken over--&gt; forgotten
 * </pre>
 *
 * <p>Streams go on whether their commands can be read or not: a reader that fails is replaced after
 * a pause, and reads again from where we had come when they were let go, for a command that is read
 * twice means the same. Bounded by the streams that may be in flight. Confined to the command
 * loop's thread.
 */
final class Departures implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Departures.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> readers;
    private final String topicName;
    private final Duration retry;
    /* A partition may have come back and gone again before its streams have ended. */
    private final List<Departed> departed = new ArrayList<>();
    /* Those that are to be read from where we had come. */
    private final Set<TopicPartition> fresh = new HashSet<>();
    private @Nullable Consumer<byte[], byte[]> reader;
    private long readableAt = System.nanoTime();

    /**
     * @param readers makes consumers of commands that are in no group
     * @param retry pause before a reader that failed is replaced
     */
    Departures(Supplier<Consumer<byte[], byte[]>> readers, String topicName, Duration retry) {
        this.readers = readers;
        this.topicName = topicName;
        this.retry = retry;
    }

    /** Takes in a partition that is not ours any more; nothing is kept if nothing is in flight. */
    void add(Departed partition) {
        if (partition.isOver()) {
            partition.streams().close();
            return;
        }
        departed.add(partition);
        fresh.add(of(partition));
    }

    /** Acts on the commands that have come since; waits that long for some. */
    void turn(Duration longest) {
        forgetEnded();
        if (departed.isEmpty()) {
            return;
        }
        if (System.nanoTime() - readableAt < 0) {
            LockSupport.parkNanos(longest.toNanos());
            return;
        }
        try {
            read(longest);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("cannot read the commands of partitions that were let go");
            close();
            readableAt = System.nanoTime() + retry.toNanos();
        }
        forgetEnded();
    }

    private void read(Duration longest) {
        for (var record : assigned().poll(longest)) {
            departed.stream()
                    .filter(gone -> gone.partition() == record.partition())
                    .forEach(gone -> gone.take(record));
        }
    }

    private Consumer<byte[], byte[]> assigned() {
        var wanted = departed.stream().map(this::of).collect(Collectors.toSet());
        var made = reader;
        if (made == null) {
            made = readers.get();
            reader = made;
            fresh.addAll(wanted);
        }
        if (!made.assignment().equals(wanted)) {
            made.assign(wanted);
        }
        fresh.retainAll(wanted);
        for (var partition : fresh) {
            made.seek(partition, from(partition));
        }
        fresh.clear();
        return made;
    }

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

    private void forgetEnded() {
        for (var gone : partitions()) {
            if (gone.isOver()) {
                gone.streams().close();
                departed.remove(gone);
            }
        }
        if (departed.isEmpty()) {
            close();
        }
    }

    boolean isEmpty() {
        return departed.isEmpty();
    }

    /** All that are here. */
    Collection<Departed> partitions() {
        return List.copyOf(departed);
    }

    /** They are not ours any more: nothing that is in flight goes on. */
    void abandon() {
        departed.forEach(gone -> gone.streams().abandon());
        departed.clear();
        close();
    }

    @Override
    public void close() {
        var closing = reader;
        reader = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close(CloseOptions.timeout(CLOSE_MAX));
        } catch (KafkaException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("reader did not close");
        }
    }
}
