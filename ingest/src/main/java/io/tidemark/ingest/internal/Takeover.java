package io.tidemark.ingest.internal;

import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
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
 * <p>All streams of a partition share one scan. Thread-safe and blocking: meant for virtual
 * threads; so many at a time, the rest wait.
 */
final class Takeover {
    /** How long one scan may take before it counts as failed. */
    private static final Duration SCAN_MAX = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<Consumer<byte[], byte[]>> scanners;
    private final LogProducer producer;
    private final String topicName;
    private final Duration clockSkew;
    private final Semaphore permits;

    Takeover(
            Supplier<Consumer<byte[], byte[]>> scanners,
            LogProducer producer,
            String topicName,
            Duration clockSkew,
            int concurrencyMax) {
        this.scanners = scanners;
        this.producer = producer;
        this.topicName = topicName;
        this.clockSkew = clockSkew;
        this.permits = new Semaphore(concurrencyMax);
    }

    /**
     * Takes streams of our own over, which nobody can have written but us.
     *
     * @param epoch under which they were ours
     * @param orphans asked for when their scan begins
     * @return what became of each of them
     * @throws LogFailedException if Kafka does not answer; nothing is lost by trying again
     * @throws OutrankedException if somebody has claimed the partition after us
     */
    Map<StreamId, Inherited> inherit(
            int partition, long epoch, Supplier<Collection<Orphan>> orphans) {
        return inherit(partition, epoch, orphans, () -> true).orElseThrow();
    }

    /**
     * Takes streams of one partition over, for as long as it is ours: a fence that comes after that
     * may cut off a writer whom the next owner lets go on.
     *
     * @param owned whether it is; asked on this thread
     * @return what became of each of them; empty if they were left to the next owner
     * @throws LogFailedException as the other
     * @throws OutrankedException as the other
     */
    Optional<Map<StreamId, Inherited>> inherit(
            int partition,
            long epoch,
            Supplier<Collection<Orphan>> orphans,
            BooleanSupplier owned) {
        permits.acquireUninterruptibly();
        if (!owned.getAsBoolean()) {
            permits.release();
            return Optional.empty();
        }
        try (var consumer = scanners.get()) {
            return new Scan(
                            consumer,
                            new TopicPartition(topicName, partition),
                            epoch,
                            orphans.get())
                    .run(owned);
        } catch (KafkaException e) {
            throw new LogFailedException("read " + topicName + " back", e);
        } finally {
            permits.release();
        }
    }

    private final class Scan {
        private final Consumer<byte[], byte[]> consumer;
        private final TopicPartition partition;
        private final Map<StreamId, ReadBack> streams = new HashMap<>();
        private final long deadline = System.nanoTime() + SCAN_MAX.toNanos();
        private final OptionalLong fromTime;
        private final OptionalLong fromOffset;

        Scan(
                Consumer<byte[], byte[]> consumer,
                TopicPartition partition,
                long epoch,
                Collection<Orphan> orphans) {
            this.consumer = consumer;
            this.partition = partition;
            for (var orphan : orphans) {
                streams.put(orphan.id(), new ReadBack(orphan, epoch));
            }
            this.fromOffset =
                    orphans.stream().flatMapToLong(orphan -> orphan.from().stream()).min();
            this.fromTime =
                    orphans.stream()
                            .filter(orphan -> orphan.from().isEmpty())
                            .mapToLong(orphan -> orphan.earliest() - clockSkew.toMillis())
                            .min();
        }

        Optional<Map<StreamId, Inherited>> run(BooleanSupplier owned) {
            consumer.assign(List.of(partition));
            seek();
            readTo(end());
            while (!unsettled().isEmpty()) {
                if (!owned.getAsBoolean()) {
                    return Optional.empty();
                }
                readTo(fence(unsettled()) + 1);
            }
            return Optional.of(
                    streams.entrySet().stream()
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            Map.Entry::getKey,
                                            entry -> entry.getValue().inherited())));
        }

        private void seek() {
            long offset = fromOffset.orElse(Long.MAX_VALUE);
            if (fromTime.isPresent()) {
                offset = Math.min(offset, offsetOf(Math.max(0, fromTime.getAsLong())));
            }
            consumer.seek(partition, offset);
        }

        private long offsetOf(long time) {
            var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
            return found == null ? end() : found.offset();
        }

        private long end() {
            return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }

        private List<Map.Entry<StreamId, ReadBack>> unsettled() {
            return streams.entrySet().stream()
                    .filter(entry -> !entry.getValue().settled())
                    .toList();
        }

        private void readTo(long end) {
            while (consumer.position(partition) < end) {
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException("no end of the scan after " + SCAN_MAX);
                }
                for (var record : consumer.poll(POLL)) {
                    var event = EventRecord.of(record);
                    var stream = streams.get(idOf(event));
                    if (stream != null) {
                        stream.add(record.offset(), event);
                    }
                }
            }
        }

        /** Fences all of them; the highest offset of a fence. */
        private long fence(Collection<Map.Entry<StreamId, ReadBack>> open) {
            var sent = new HashMap<ReadBack, CompletableFuture<RecordMetadata>>();
            for (var entry : open) {
                var attempt = entry.getValue().nextAttempt();
                sent.put(
                        entry.getValue(),
                        producer.sent(EventRecord.fence(topicName, entry.getKey(), attempt)));
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
