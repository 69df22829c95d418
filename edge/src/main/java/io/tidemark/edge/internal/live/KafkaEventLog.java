package io.tidemark.edge.internal.live;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The log in Kafka, through one consumer that is assigned for a read and unassigned after it.
 * Confined to one thread.
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

    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final String events;
    private final String commands;
    private final Limits limits;

    KafkaEventLog(KafkaClients clients, int number, String events, String commands, Limits limits) {
        this(clients.catchUp(number), events, commands, limits);
    }

    /** A log that reads through a consumer of its own. */
    KafkaEventLog(
            Consumer<byte[], byte[]> consumer, String events, String commands, Limits limits) {
        this.consumer = consumer;
        this.events = events;
        this.commands = commands;
        this.limits = limits;
    }

    @Override
    public Batch read(StreamId id, @Nullable String tenant, Cursor from, long wanted) {
        var partition = new TopicPartition(events, id.partition());
        if (from.located()) {
            return scan(id, tenant, from.position(), from, wanted);
        }
        long start = startOf(partition, id);
        var batch = scan(id, tenant, start, from, wanted);
        /* Not the beginning, and the log goes further back: the id's clock was ahead of the broker's. */
        return batch.earliest() > 0 && beginning(partition) < start
                ? scan(id, tenant, beginning(partition), from, wanted)
                : batch;
    }

    private Batch scan(StreamId id, @Nullable String tenant, long start, Cursor from, long wanted) {
        var partition = new TopicPartition(events, id.partition());
        byte[] key = id.key();
        long begin = Math.max(start, beginning(partition));
        var scan = new StreamScan(tenant, from, begin, wanted, limits.batchBytes());
        long last = begin + limits.scanRecordsMax();
        var passed =
                pass(
                        partition,
                        begin,
                        record -> {
                            if (Arrays.equals(key, record.key())) {
                                scan.take(
                                        EventRecord.of(record),
                                        record.offset(),
                                        record.timestamp());
                            }
                            return scan.full() || record.offset() >= last;
                        });
        return scan.batch(passed.position(), passed.position() >= passed.end());
    }

    @Override
    public boolean started(StreamId id, @Nullable String tenant) {
        var partition = new TopicPartition(commands, id.partition());
        byte[] key = id.key();
        return pass(
                        partition,
                        Math.max(startOf(partition, id), beginning(partition)),
                        record ->
                                Arrays.equals(key, record.key()) && starts(record.value(), tenant))
                .stopped();
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
     * How far records were shown.
     *
     * @param position offset behind the last one
     * @param end the end that the log had at the beginning
     * @param stopped whether the one that was shown last was enough
     */
    private record Passed(long position, long end, boolean stopped) {}

    /** Shows records from an offset in the log on, until one is enough or the end is reached. */
    private Passed pass(
            TopicPartition partition,
            long start,
            Predicate<ConsumerRecord<byte[], byte[]>> enough) {
        var one = List.of(partition);
        consumer.assign(one);
        try {
            long end = offset(consumer.endOffsets(one), partition);
            consumer.seek(partition, start);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(POLL)) {
                    if (enough.test(record)) {
                        return new Passed(record.offset() + 1, end, true);
                    }
                }
            }
            return new Passed(Math.max(end, start), end, false);
        } finally {
            consumer.unsubscribe();
        }
    }

    /*
     * With append time, no record of the stream can be older than its id, but for the clocks' skew.
     * The end is asked for first: when the time index knows nothing yet, what is appended between
     * the two answers is the stream's beginning, and must not be passed by.
     */
    private long startOf(TopicPartition partition, StreamId id) {
        long end = offset(consumer.endOffsets(List.of(partition)), partition);
        long time = Math.max(0, id.time().minus(limits.skew()).toEpochMilli());
        var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
        return found == null ? end : found.offset();
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
