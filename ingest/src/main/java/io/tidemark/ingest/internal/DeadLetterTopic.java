package io.tidemark.ingest.internal;

import io.tidemark.schemas.DeadLetter;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The topic of commands that could not be taken, as one worker writes it. Its producer is made with
 * the first of them and is nobody else's: what Kafka refuses here breaks no stream. Blocks; one
 * thread writes, any may close.
 */
final class DeadLetterTopic implements AutoCloseable {
    /* Commands are set aside in order, but two owners in a row may overlap by a few. */
    private static final int TAIL_RECORDS = 8;

    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * How far the commands of a partition have been set aside. A topic of commands that was made
     * anew begins at offset 0, so its time has to be reached too.
     */
    record Mark(long offset, long timestamp) {
        static final Mark NONE = new Mark(-1, -1);

        /** Whether this command, if it had to be, has been set aside. */
        boolean covers(ConsumerRecord<?, ?> command) {
            return command.offset() <= offset && command.timestamp() <= timestamp;
        }

        private Mark and(long otherOffset, long otherTimestamp) {
            return new Mark(Math.max(offset, otherOffset), Math.max(timestamp, otherTimestamp));
        }
    }

    private final String name;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Supplier<Consumer<byte[], byte[]>> readers;
    private final Duration readMax;
    private final ReentrantLock lock = new ReentrantLock();
    /* Both guarded by the lock. */
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    /**
     * @param producers makes a producer; another after each failure
     * @param readers makes consumers that are in no group
     * @param readMax longest time to read the end of a partition
     */
    DeadLetterTopic(
            String name,
            Supplier<Producer<byte[], byte[]>> producers,
            Supplier<Consumer<byte[], byte[]>> readers,
            Duration readMax) {
        this.name = name;
        this.producers = producers;
        this.readers = readers;
        this.readMax = readMax;
    }

    /**
     * How far commands of a partition are set aside here.
     *
     * @throws LogFailedException if that cannot be read in time
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    Mark mark(int partition) {
        var here = new TopicPartition(name, partition);
        try (var reader = readers.get()) {
            reader.assign(List.of(here));
            long end = offset(reader.endOffsets(List.of(here), readMax).get(here));
            long beginning = offset(reader.beginningOffsets(List.of(here), readMax).get(here));
            reader.seek(here, Math.max(beginning, end - TAIL_RECORDS));
            long deadline = System.nanoTime() + readMax.toNanos();
            var mark = Mark.NONE;
            while (reader.position(here, readMax) < end) {
                if (System.nanoTime() - deadline > 0) {
                    throw new LogFailedException(
                            "read the end of " + here,
                            new TimeoutException("no answer within " + readMax));
                }
                for (var record : reader.poll(POLL)) {
                    mark = withOffset(mark, record);
                }
            }
            return mark;
        }
    }

    private static long offset(@Nullable Long found) {
        return found == null ? 0 : found;
    }

    private static Mark withOffset(Mark mark, ConsumerRecord<byte[], byte[]> record) {
        return offsetIn(record).map(offset -> mark.and(offset, record.timestamp())).orElse(mark);
    }

    /* Somebody else may write here too; it is nothing to stumble over. */
    private static Optional<Long> offsetIn(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(DeadLetter.read(record).sourceOffset());
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /**
     * Sets a command aside and waits until the brokers have it; without its value if they would not
     * take that.
     *
     * @return whether its value is there
     * @throws LogFailedException if they do not take it
     */
    boolean write(ConsumerRecord<byte[], byte[]> command, DeadLetter letter) {
        if (taken(letter.record(name, command))) {
            return true;
        }
        var value = command.value();
        if (!taken(letter.leavingOut(value == null ? 0 : value.length).record(name, command))) {
            throw new LogFailedException(
                    "write to " + name,
                    new RecordTooLargeException("its key is too large, with or without a value"));
        }
        return false;
    }

    /* False if it is too large. */
    private boolean taken(ProducerRecord<byte[], byte[]> record) {
        var using = producer();
        try {
            using.send(record).get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                return false;
            }
            discard(using);
            throw new LogFailedException(
                    "write to " + name, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailedException("write to " + name, e);
        } catch (RuntimeException e) {
            discard(using);
            throw new LogFailedException("write to " + name, e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        lock.lock();
        try {
            if (closed) {
                throw new LogFailedException(
                        "write to " + name, new IllegalStateException("the worker has ended"));
            }
            var made = producer == null ? producers.get() : producer;
            producer = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /* It may be stuck behind what it lost. */
    private void discard(Producer<byte[], byte[]> failed) {
        lock.lock();
        try {
            producer = null;
        } finally {
            lock.unlock();
        }
        failed.close(Duration.ZERO);
    }

    /** Closes at once: what is not written yet is read again by whoever owns the partition next. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (producer != null) {
                producer.close(Duration.ZERO);
                producer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
