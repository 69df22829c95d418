package io.tidemark.ingest.internal;

import static java.util.function.Function.identity;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes us the only writer of streams that somebody else began, and tells how far they came: the
 * takeover of {@code docs/protocol.md}.
 *
 * <ol>
 *   <li>read the partition, from before the oldest of the streams to its end;
 *   <li>write a fence for each stream, under an attempt higher than any seen, and wait for all;
 *   <li>read on to the last fence: what a predecessor wrote before it counts, what comes after does
 *       not;
 *   <li>where another's fence of the same attempt came first, fence again.
 * </ol>
 *
 * <p>An epoch that is no offset of the commands is no claim's: a stream that bears one is nobody's
 * to take over, and left.
 *
 * <p>All streams of a partition share one scan. It lasts for as long as the log is long: it is read
 * once, to an end that is fixed before and then to the fences, and whoever tries again after a
 * failure goes on where it was. Thread-safe and blocking: meant for virtual threads; so many at a
 * time, the rest wait.
 */
final class Takeover {
    /** How long a scan may read nothing before it counts as failed. */
    static final Duration SILENCE_MAX = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Logger LOGGER = LoggerFactory.getLogger(Takeover.class);

    private final Supplier<Consumer<byte[], byte[]>> scanners;
    private final LogProducer producer;
    private final String topicName;
    private final String commandsTopic;
    private final Duration clockSkew;
    private final LongSupplier nanos;
    private final Semaphore permits;

    /**
     * @param topicName where events are
     * @param commandsTopic where claims are
     * @param nanos what {@link System#nanoTime} gives
     */
    Takeover(
            Supplier<Consumer<byte[], byte[]>> scanners,
            LogProducer producer,
            String topicName,
            String commandsTopic,
            Duration clockSkew,
            int concurrencyMax,
            LongSupplier nanos) {
        this.scanners = scanners;
        this.producer = producer;
        this.topicName = topicName;
        this.commandsTopic = commandsTopic;
        this.clockSkew = clockSkew;
        this.nanos = nanos;
        this.permits = new Semaphore(concurrencyMax);
    }

    /**
     * Takes streams of our own over, which nobody can have written but us.
     *
     * @param streams asked for when their scan begins
     * @return what became of each of them, but for those that are nobody's to take over
     * @throws LogFailedException if Kafka does not answer; nothing is lost by trying again, with
     *     the same
     * @throws OutrankedException if somebody has claimed the partition after us
     */
    Map<StreamId, Inherited> inherit(int partition, Supplier<Collection<ReadBack>> streams) {
        return inherit(partition, streams, () -> true).orElseThrow();
    }

    /**
     * Takes streams of one partition over, for as long as it is ours: a fence that comes after that
     * may cut off a writer whom the next owner lets go on.
     *
     * @param owned whether it is; asked on this thread
     * @return what became of each of them, but for those that are nobody's to take over; empty if
     *     they were left to the next owner
     * @throws LogFailedException as the other
     * @throws OutrankedException as the other
     */
    Optional<Map<StreamId, Inherited>> inherit(
            int partition, Supplier<Collection<ReadBack>> streams, BooleanSupplier owned) {
        permits.acquireUninterruptibly();
        if (!owned.getAsBoolean()) {
            permits.release();
            return Optional.empty();
        }
        try (var consumer = scanners.get()) {
            return new Scan(
                            consumer,
                            new TopicPartition(topicName, partition),
                            streams.get(),
                            owned)
                    .run();
        } catch (KafkaException e) {
            throw new LogFailedException("read " + topicName + " back", e);
        } finally {
            permits.release();
        }
    }

    private final class Scan {
        private final Consumer<byte[], byte[]> consumer;
        private final TopicPartition partition;
        private final Map<StreamId, ReadBack> streams;
        private final BooleanSupplier owned;
        /* Offset up to which everything was read, exclusive. */
        private long position;

        Scan(
                Consumer<byte[], byte[]> consumer,
                TopicPartition partition,
                Collection<ReadBack> streams,
                BooleanSupplier owned) {
            this.consumer = consumer;
            this.partition = partition;
            this.streams =
                    new HashMap<>(
                            streams.stream().collect(Collectors.toMap(ReadBack::id, identity())));
            this.owned = owned;
        }

        Optional<Map<StreamId, Inherited>> run() {
            consumer.assign(List.of(partition));
            position = begin();
            consumer.seek(partition, position);
            try {
                return settled() ? Optional.of(inherited()) : Optional.empty();
            } finally {
                streams.values().forEach(stream -> stream.passed(position));
            }
        }

        /** Whether all of them are ours now; if not, the partition is not. */
        private boolean settled() {
            boolean ours = readTo(end(partition));
            leaveNobodys();
            while (ours && !unsettled().isEmpty()) {
                ours = owned.getAsBoolean() && readTo(fence(unsettled()) + 1);
                leaveNobodys();
            }
            return ours;
        }

        /*
         * Who writes under an epoch has read where its claim is, so that epoch is before the end by
         * now. Any other was made up, and to claim the partition anew would not outrank it.
         */
        private void leaveNobodys() {
            var above = unsettled().stream().filter(ReadBack::isOutranked).toList();
            if (above.isEmpty()) {
                return;
            }
            long end = end(new TopicPartition(commandsTopic, partition.partition()));
            for (var stream : above) {
                if (stream.highest().epoch() >= end) {
                    LOGGER.atError()
                            .addKeyValue("streamId", stream.id())
                            .addKeyValue("epoch", stream.highest().epoch())
                            .log("stream bears an epoch that is no claim's, nobody can end it");
                    streams.remove(stream.id());
                }
            }
        }

        private Map<StreamId, Inherited> inherited() {
            return streams.values().stream()
                    .collect(Collectors.toUnmodifiableMap(ReadBack::id, ReadBack::inherited));
        }

        private long begin() {
            long known =
                    unsettled().stream()
                            .flatMapToLong(stream -> stream.from().stream())
                            .min()
                            .orElse(Long.MAX_VALUE);
            var earliest =
                    unsettled().stream()
                            .filter(stream -> stream.from().isEmpty())
                            .mapToLong(stream -> stream.earliest() - clockSkew.toMillis())
                            .min();
            if (earliest.isPresent()) {
                return Math.min(known, offsetOf(Math.max(0, earliest.getAsLong())));
            }
            return known == Long.MAX_VALUE ? end(partition) : known;
        }

        private long offsetOf(long time) {
            var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
            return found == null ? end(partition) : found.offset();
        }

        private long end(TopicPartition of) {
            return consumer.endOffsets(List.of(of)).getOrDefault(of, 0L);
        }

        private List<ReadBack> unsettled() {
            return streams.values().stream().filter(stream -> !stream.settled()).toList();
        }

        /** Whether it came that far; if not, the partition is not ours any more. */
        private boolean readTo(long end) {
            long silentSince = nanos.getAsLong();
            while (position < end) {
                if (!owned.getAsBoolean()) {
                    return false;
                }
                consumer.poll(POLL).forEach(this::add);
                long now = nanos.getAsLong();
                long read = consumer.position(partition);
                if (read > position) {
                    silentSince = now;
                } else if (now - silentSince > SILENCE_MAX.toNanos()) {
                    throw new KafkaException("nothing could be read for " + SILENCE_MAX);
                }
                position = read;
            }
            return true;
        }

        private void add(ConsumerRecord<byte[], byte[]> record) {
            var event = EventRecord.of(record);
            var stream = streams.get(idOf(event));
            if (stream != null) {
                stream.add(record.offset(), event);
            }
        }

        /** Fences all of them; the highest offset of a fence. */
        private long fence(Collection<ReadBack> open) {
            var sent = new HashMap<ReadBack, CompletableFuture<RecordMetadata>>();
            for (var stream : open) {
                var attempt = stream.nextAttempt();
                sent.put(stream, producer.sent(EventRecord.fence(topicName, stream.id(), attempt)));
            }
            long last = -1;
            for (var entry : sent.entrySet()) {
                long offset = LogProducer.await(entry.getValue(), "write a fence").offset();
                entry.getKey().fenced(offset);
                last = Math.max(last, offset);
            }
            return last;
        }
    }

    private static @Nullable StreamId idOf(EventRecord record) {
        return switch (record) {
            case EventRecord.Entry entry -> entry.id();
            case EventRecord.Fence fence -> fence.id();
            case EventRecord.Foreign _ -> null;
        };
    }
}
