package io.tidemark.projector.internal.rebuild;

import io.tidemark.projector.RebuildReport.Compared;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares the results of two generations, key by key: whether the newer one has everything that
 * the older one had when the comparison of its partition began, and what is not the same. Only
 * results of a time are compared, by the timestamps of their records: those before are about to be
 * deleted, and may be gone already in one of the two.
 *
 * <p>It keeps a hash of at most a fixed number of results at a time, and where a partition has more
 * it reads it several times, each time for another part of its streams. Confined to one thread.
 */
final class Comparison {
    /** Most results whose hash is kept at a time. */
    static final int KEPT_MAX = 1_000_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final int keptMax;
    private final Span span;
    private final long deadline;

    /**
     * A comparison.
     *
     * @param consumer reads what is committed
     * @param span which results are compared
     * @param wait how long the newer generation may take from now on to publish what it lacks, all
     *     partitions together
     */
    Comparison(Consumer<byte[], byte[]> consumer, Span span, Duration wait) {
        this(consumer, span, wait, KEPT_MAX);
    }

    Comparison(Consumer<byte[], byte[]> consumer, Span span, Duration wait, int keptMax) {
        this.consumer = consumer;
        this.span = span;
        this.deadline = System.nanoTime() + wait.toNanos();
        this.keptMax = keptMax;
    }

    /**
     * Results of a time, by the timestamps of their records.
     *
     * @param since epoch milliseconds, inclusive
     * @param until epoch milliseconds, exclusive
     * @param kind what is a key
     */
    record Span(long since, long until, Keyed kind) {
        Optional<String> key(ConsumerRecord<byte[], byte[]> record) {
            return record.key() == null || record.timestamp() < since || record.timestamp() >= until
                    ? Optional.empty()
                    : kind.read(record.key());
        }
    }

    /** What keys are. */
    enum Keyed {
        /** Streams; what is no id is somebody else's. */
        BY_STREAM,
        /** Text, whatever it says. */
        BY_TEXT;

        /* A stream's result is written once; what is a sum may not have all that is added yet. */
        private boolean settled(Map<String, String> before, Map<String, String> now) {
            return this == BY_TEXT
                    ? now.entrySet().containsAll(before.entrySet())
                    : now.keySet().containsAll(before.keySet());
        }

        private Optional<String> read(byte[] key) {
            var text = new String(key, StandardCharsets.UTF_8);
            return this == BY_TEXT || isId(key) ? Optional.of(text) : Optional.empty();
        }

        private static boolean isId(byte[] key) {
            try {
                var _ = StreamId.ofKey(key);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** Compares one partition of a topic of results; waits a while for what is missing. */
    Compared of(Topic older, Topic newer, int partition) {
        var from = new TopicPartition(older.name(), partition);
        var to = new TopicPartition(newer.name(), partition);
        long end = end(from);
        int parts = Math.toIntExact((end - beginning(from)) / keptMax + 1);
        var sum = Compared.NONE;
        for (int part = 0; part < parts; part++) {
            sum = sum.and(compare(from, end, to, new Part(part, parts)));
        }
        return sum;
    }

    /** Some of the keys: those whose hash has a remainder. */
    private record Part(int remainder, int parts) {
        boolean has(String key) {
            return Math.floorMod(key.hashCode(), parts) == remainder;
        }
    }

    private Compared compare(TopicPartition from, long end, TopicPartition to, Part part) {
        var before = new HashMap<String, String>();
        assign(from);
        readTo(
                from,
                end,
                record -> {
                    if (record.offset() < end) {
                        keep(record, part, before);
                    }
                });
        var now = new HashMap<String, String>();
        assign(to);
        /* What comes meanwhile counts as well: nobody reads it a second time. */
        readTo(to, end(to), record -> keep(record, part, now));
        awaitMissing(to, part, before, now);
        return compared(before, now);
    }

    private void awaitMissing(
            TopicPartition to, Part part, Map<String, String> before, Map<String, String> now) {
        while (!span.kind().settled(before, now) && System.nanoTime() - deadline < 0) {
            consumer.poll(POLL).records(to).forEach(record -> keep(record, part, now));
        }
    }

    private void assign(TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    private long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private long beginning(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /* The last poll may bring more than there was. */
    private void readTo(
            TopicPartition partition,
            long end,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> use) {
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).records(partition).forEach(use);
        }
    }

    private void keep(ConsumerRecord<byte[], byte[]> record, Part part, Map<String, String> found) {
        span.key(record)
                .filter(part::has)
                .ifPresent(key -> {
                    if (record.value() == null) {
                        found.remove(key);
                    } else {
                        found.put(key, fingerprint(record));
                    }
                });
    }

    private static String fingerprint(ConsumerRecord<byte[], byte[]> record) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(record.value());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Compared compared(Map<String, String> before, Map<String, String> now) {
        var missing = before.keySet().stream().filter(id -> !now.containsKey(id)).toList();
        var changed =
                before.keySet().stream()
                        .filter(now::containsKey)
                        .filter(id -> !Objects.equals(before.get(id), now.get(id)))
                        .toList();
        long added = now.keySet().stream().filter(id -> !before.containsKey(id)).count();
        return new Compared(
                before.size() - missing.size() - changed.size(),
                changed.size(),
                added,
                missing.size(),
                changed.stream().sorted().limit(Compared.NAMED_MAX).toList(),
                missing.stream().sorted().limit(Compared.NAMED_MAX).toList());
    }
}
