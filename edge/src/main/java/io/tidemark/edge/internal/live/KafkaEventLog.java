package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The log in Kafka, through one consumer that is assigned to the partition read last. Confined to
 * one thread.
 */
final class KafkaEventLog implements EventLog {
    /**
     * How much one read may do.
     *
     * @param skew how far the clock of whoever minted an id may be ahead of the broker's
     * @param batchBytes a batch ends with the frame that passes this size
     * @param scanRecordsMax a batch ends after that many records of whatever stream, so that a long
     *     scan lets others take their turn
     */
    record Limits(Duration skew, int batchBytes, int scanRecordsMax) {}

    private static final Comparator<Wish> BY_TIME = Comparator.comparing(w -> w.from().id().time());
    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final String events;
    private final String commands;
    private final Limits limits;
    private final Opener opener;

    /** A log that reads through a consumer of its own. */
    KafkaEventLog(
            Consumer<byte[], byte[]> consumer,
            String events,
            String commands,
            Limits limits,
            Opener opener) {
        this.consumer = consumer;
        this.events = events;
        this.commands = commands;
        this.limits = limits;
        this.opener = opener;
    }

    @Override
    public void read(List<Wish> wishes, Answers answers) {
        var partition = new TopicPartition(events, wishes.getFirst().from().id().partition());
        if (wishes.getFirst().from().cursor().located()) {
            long first =
                    wishes.stream()
                            .mapToLong(wish -> wish.from().cursor().position())
                            .min()
                            .orElseThrow();
            scan(partition, new Range(first, end(partition)), wishes, answers);
        } else {
            locate(partition, wishes, answers);
        }
    }

    private void locate(TopicPartition partition, List<Wish> wishes, Answers answers) {
        var eldest = Collections.min(wishes, BY_TIME).from().id();
        var range = rangeOf(partition, eldest);
        var doubtful = new ArrayList<Found>();
        scan(
                partition,
                range,
                wishes,
                (from, wanted, batch) -> {
                    if (batch.earliest() > 0) {
                        doubtful.add(new Found(from, wanted, batch));
                    } else {
                        answers.answer(from, wanted, batch);
                    }
                });
        if (doubtful.isEmpty()) {
            return;
        }
        /* Not the beginning, and the log goes further back: the id's clock was ahead of the broker's. */
        long beginning = beginning(partition);
        if (beginning < range.start()) {
            var again =
                    doubtful.stream()
                            .map(found -> new Wish(found.from(), wanted(found, doubtful)))
                            .distinct()
                            .toList();
            scan(partition, new Range(beginning, range.end()), again, answers);
        } else {
            doubtful.forEach(found -> answers.answer(found.from(), found.wanted(), found.batch()));
        }
    }

    /** A batch that may not begin where the stream does. */
    private record Found(Standpoint from, long wanted, Batch batch) {}

    private static SortedSet<Long> wanted(Found one, List<Found> all) {
        return all.stream()
                .filter(found -> found.from().equals(one.from()))
                .map(Found::wanted)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void scan(TopicPartition partition, Range range, List<Wish> wishes, Answers answers) {
        var scans = new PartitionScan(wishes, range, limits, opener, answers);
        long position = pass(partition, range, scans::begins, scans::take);
        scans.finish(position);
    }

    @Override
    public boolean started(StreamId id, @Nullable String tenant) {
        var partition = new TopicPartition(commands, id.partition());
        byte[] key = id.key();
        var found = new AtomicBoolean();
        pass(
                partition,
                rangeOf(partition, id),
                _ -> {},
                record -> {
                    found.set(Arrays.equals(key, record.key()) && starts(record.value(), tenant));
                    return found.get();
                });
        return found.get();
    }

    private static boolean starts(byte @Nullable [] value, @Nullable String tenant) {
        try {
            return value != null
                    && CommandCodec.decode(value) instanceof Command.Start start
                    && Objects.equals(start.tenant(), tenant);
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    /**
     * Shows records, until one is enough or the end is reached. The partition stays assigned: the
     * next read is often of the same one, and to take it away costs a round trip.
     *
     * @param begins told the offset of the first record there is, if retention has removed the
     *     first one asked for
     * @return offset behind the last record shown, or the end
     */
    private long pass(
            TopicPartition partition,
            Range range,
            LongConsumer begins,
            Predicate<ConsumerRecord<byte[], byte[]>> enough) {
        if (!consumer.assignment().equals(Set.of(partition))) {
            consumer.assign(List.of(partition));
        }
        consumer.seek(partition, range.start());
        boolean begun = false;
        while (consumer.position(partition) < range.end()) {
            try {
                for (var record : consumer.poll(POLL)) {
                    begun = true;
                    if (enough.test(record)) {
                        return record.offset() + 1;
                    }
                }
            } catch (OffsetOutOfRangeException e) {
                /* Nobody asks where the log begins until it matters. */
                long beginning = beginning(partition);
                if (begun || beginning <= range.start()) {
                    throw e;
                }
                begins.accept(beginning);
                consumer.seek(partition, beginning);
                begun = true;
            }
        }
        return Math.max(range.end(), range.start());
    }

    /**
     * A part of a partition.
     *
     * @param start its first offset
     * @param end the end that the log had at the beginning of the read
     */
    record Range(long start, long end) {}

    /*
     * With append time, no record of the stream can be older than its id, but for the clocks' skew.
     * The end is asked for first: when the time index knows nothing yet, what is appended between
     * the two answers is the stream's beginning, and must not be passed by.
     */
    private Range rangeOf(TopicPartition partition, StreamId id) {
        long end = end(partition);
        long time = Math.max(0, id.time().minus(limits.skew()).toEpochMilli());
        var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
        return found == null ? new Range(end, end(partition)) : new Range(found.offset(), end);
    }

    private long end(TopicPartition partition) {
        return offset(consumer.endOffsets(List.of(partition)), partition);
    }

    private long beginning(TopicPartition partition) {
        return offset(consumer.beginningOffsets(List.of(partition)), partition);
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        var offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("no offset for " + partition);
        }
        return offset;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
