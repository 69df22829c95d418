package io.tidemark.ingest.internal;

import io.tidemark.ingest.internal.DeadLetterTopic.Mark;
import io.tidemark.ingest.internal.IngestMetrics.Letter;
import io.tidemark.schemas.DeadLetter;
import io.tidemark.schemas.DeadLetter.Reason;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sets commands aside that could not be taken, beside the command loop and in the order in which it
 * reads them.
 *
 * <pre>
 *   loop --setAside--&gt; waiting (bounded) --virtual thread, while there are any--&gt; topic
 *                         | full: counted, logged, forgotten
 * </pre>
 *
 * <p>A command that waits holds its partition's watermark back, and what is in the topic already is
 * not written again, so that each is there once whatever happens to the worker; what Kafka refuses
 * is forgotten, and never tried again by this owner. What waits of a partition whose dead letters
 * find no answer is refused with the first of them. Thread-safe.
 */
final class DeadLetters implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeadLetters.class);

    /** Most commands waiting to be set aside; a further one is counted, logged and forgotten. */
    static final int WAITING_MAX = 1000;

    /** Most bytes of theirs, the same. */
    static final long WAITING_BYTES_MAX = 64L * 1024 * 1024;

    /** A command on its way, whose size counts until it is written. */
    private record Waiting(
            Source source, ConsumerRecord<byte[], byte[]> command, DeadLetter letter) {
        long bytes() {
            return (long) Math.max(0, command.serializedKeySize())
                    + Math.max(0, command.serializedValueSize());
        }
    }

    private final DeadLetterTopic topic;
    private final IngestMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    /* All guarded by the lock. */
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean writing;
    private boolean closed;

    DeadLetters(DeadLetterTopic topic, IngestMetrics metrics) {
        this.topic = topic;
        this.metrics = metrics;
    }

    /** For the commands of a partition that was given to us. */
    Source source() {
        return new Source();
    }

    /** The commands of one partition, for as long as it is ours. */
    final class Source {
        private final NavigableSet<Long> unsettled = new ConcurrentSkipListSet<>();
        /* Only ever set, by the loop. */
        private volatile boolean released;
        /* Of the loop's thread: a survey and a replay read the same commands. */
        private long latest = -1;
        /* Of the writing thread. */
        private @Nullable Mark mark;

        private Source() {}

        /** Sets a command aside, unless it was before, in order of offset; does not wait. */
        void setAside(
                ConsumerRecord<byte[], byte[]> command, Reason reason, @Nullable String field) {
            if (released || command.offset() <= latest) {
                return;
            }
            latest = command.offset();
            metrics.ignored(reason);
            LOGGER.atWarn()
                    .addKeyValue("partition", command.partition())
                    .addKeyValue("offset", command.offset())
                    .addKeyValue("reason", reason.wire())
                    .addKeyValue("field", field)
                    .log("command cannot be taken, set aside");
            unsettled.add(command.offset());
            if (!offer(new Waiting(this, command, DeadLetter.of(command, reason, field)))) {
                unsettled.remove(command.offset());
                metrics.letter(Letter.NO_ROOM);
                LOGGER.atWarn()
                        .addKeyValue("partition", command.partition())
                        .addKeyValue("offset", command.offset())
                        .log("too many commands wait to be set aside, this one is not");
            }
        }

        /** So many commands are not there any more, to be taken or to be set aside. */
        void expired(long commands) {
            metrics.expired(commands);
        }

        /** Offset of the oldest command that waits; {@link Long#MAX_VALUE} if none does. */
        long oldestWaiting() {
            var oldest = unsettled.ceiling(0L);
            return released || oldest == null ? Long.MAX_VALUE : oldest;
        }

        /** It is not ours any more: the next owner reads what waits. */
        void release() {
            released = true;
        }

        private boolean known(ConsumerRecord<?, ?> command) {
            if (mark == null) {
                mark = topic.mark(command.partition());
            }
            return mark.covers(command);
        }
    }

    private boolean offer(Waiting next) {
        lock.lock();
        try {
            boolean room =
                    waiting.size() < WAITING_MAX
                            && waitingBytes + next.bytes() <= WAITING_BYTES_MAX;
            if (closed || !room) {
                return false;
            }
            waiting.add(next);
            waitingBytes += next.bytes();
            if (!writing) {
                writing = true;
                Thread.ofVirtual().name("tidemark-dead-letters").start(this::writeAll);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void writeAll() {
        for (var next = first(); next != null; next = afterFirst()) {
            try {
                write(next);
            } finally {
                next.source().unsettled.remove(next.command().offset());
            }
        }
    }

    private @Nullable Waiting first() {
        lock.lock();
        try {
            var next = waiting.peek();
            writing = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /* What is being written counts until it is. */
    private @Nullable Waiting afterFirst() {
        lock.lock();
        try {
            var settled = waiting.poll();
            waitingBytes -= settled == null ? 0 : settled.bytes();
            return first();
        } finally {
            lock.unlock();
        }
    }

    private void write(Waiting next) {
        if (next.source().released) {
            return;
        }
        try {
            metrics.letter(outcome(next));
        } catch (RuntimeException | Error e) { // no dead letter is worth a worker
            metrics.letter(Letter.REFUSED);
            LOGGER.atWarn()
                    .addKeyValue("partition", next.command().partition())
                    .addKeyValue("offset", next.command().offset())
                    .addKeyValue("error", e.getClass().getName())
                    .setCause(Redacted.of(e))
                    .log("command not set aside");
            if (unanswered(e)) {
                refuseWaiting(next);
            }
        }
    }

    private static boolean unanswered(Throwable e) {
        return e instanceof RetriableException
                || (e instanceof LogFailedException && e.getCause() instanceof RetriableException);
    }

    /*
     * Each of them would wait as long for an answer, and with it those of every other partition; the
     * first that comes later asks again.
     */
    private void refuseWaiting(Waiting unanswered) {
        for (var next : takeBehind(unanswered)) {
            next.source().unsettled.remove(next.command().offset());
            metrics.letter(Letter.REFUSED);
            LOGGER.atWarn()
                    .addKeyValue("partition", next.command().partition())
                    .addKeyValue("offset", next.command().offset())
                    .log("command not set aside, as the one before it had no answer");
        }
    }

    /* What is being written is the first of those that wait, and stays. */
    private List<Waiting> takeBehind(Waiting first) {
        lock.lock();
        try {
            var behind =
                    waiting.stream()
                            .skip(1)
                            .filter(next -> next.source().equals(first.source()))
                            .toList();
            waiting.removeAll(new HashSet<>(behind));
            waitingBytes -= behind.stream().mapToLong(Waiting::bytes).sum();
            return behind;
        } finally {
            lock.unlock();
        }
    }

    private Letter outcome(Waiting next) {
        if (next.source().known(next.command())) {
            return Letter.KNOWN;
        }
        return topic.write(next.command(), next.letter()) ? Letter.WHOLE : Letter.SHORTENED;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            waitingBytes = 0;
        } finally {
            lock.unlock();
        }
        topic.close();
    }
}
