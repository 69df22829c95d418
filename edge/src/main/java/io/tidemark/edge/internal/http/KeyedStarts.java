package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.edge.internal.live.EdgeMetrics.Keyed;
import io.tidemark.schemas.StartKey;
import io.tidemark.schemas.StartWord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Makes sure that starts with the same key, at whichever edges, give one stream: section 11.8 of
 * {@code docs/protocol.md}. The log is the arbiter. Whoever finds no stream under a key claims it
 * there, reads the log up to the claim, and goes by what the log says then.
 *
 * <pre>
 *   nobody's --claim--&gt; held --started--&gt; started
 *                       |  ^
 *      not started in time +--another claim--+
 * </pre>
 *
 * <p>Thread-safe. {@link #resolve} blocks, so it is called on virtual threads only.
 */
public final class KeyedStarts {
    /* A claim holds for as long as its maker may take: to write it, and then the start. */
    private static final int WRITES = 2;

    /**
     * How keys are remembered.
     *
     * @param topic where edges tell each other
     * @param partitions of that
     * @param window how long a key counts after it was claimed last
     * @param keysMax most keys that are remembered
     * @param patience how long a request waits for another one to start the stream of its key
     * @param writeMax longest time that a write to the log may take
     */
    public record Setting(
            String topic,
            int partitions,
            Duration window,
            int keysMax,
            Duration patience,
            Duration writeMax) {
        Duration hold() {
            return writeMax.multipliedBy(WRITES);
        }
    }

    /** What is to be done with a request that has a key. */
    sealed interface Verdict {
        /**
         * Its stream is to be started by whoever asked.
         *
         * @param fresh whether nobody else could have started it
         * @param byNanos until when the start must be on its way, by {@link System#nanoTime()}
         */
        record Ours(StreamId id, boolean fresh, long byNanos) implements Verdict {
            boolean late() {
                return System.nanoTime() - byNanos > 0;
            }
        }

        /** Its stream was started. */
        record Started(StreamId id) implements Verdict {}

        /** Something else was asked for under the key. */
        record AnotherBody() implements Verdict {}

        /** Somebody is about to start its stream. */
        record InProgress() implements Verdict {}

        /** The log does not tell now. */
        record Unavailable() implements Verdict {}
    }

    private final Setting setting;
    private final CommandWriter log;
    private final EdgeMetrics metrics;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<KeyIndex> indexes;
    /* By claimant; no more than there are requests. */
    private final Map<String, CompletableFuture<HeldKey>> claims = new ConcurrentHashMap<>();

    /** Nothing was read yet; {@link #heed} is to be given the topic's records. */
    public KeyedStarts(
            Setting setting,
            CommandWriter log,
            EdgeMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.setting = setting;
        this.log = log;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        int keysMax = Math.ceilDiv(setting.keysMax(), setting.partitions());
        this.indexes =
                IntStream.range(0, setting.partitions())
                        .mapToObj(
                                _ -> new KeyIndex(keysMax, setting.window(), metrics::keyForgotten))
                        .toList();
        metrics.keys(() -> indexes.stream().mapToLong(KeyIndex::size).sum());
    }

    /**
     * Takes the next record of a partition of the topic.
     *
     * @throws io.tidemark.schemas.MalformedRecordException if it is none
     */
    public void heed(ConsumerRecord<byte[], byte[]> record) {
        var key = StartKey.of(record);
        /* Not the record's partition: there may be more of them since it was written. */
        var index = index(key);
        switch (StartWord.decode(record.value())) {
            case StartWord.Claim claim -> {
                var now = index.claim(key, claim, record.timestamp());
                var maker = claims.get(claim.claimant());
                if (maker != null) {
                    maker.complete(now);
                }
            }
            case StartWord.Started started -> index.started(key, started);
            case StartWord.Unknown _ -> {} // from a newer edge
        }
    }

    /**
     * Finds out what is to be done.
     *
     * @param proposed the stream to start if there is none
     */
    Verdict resolve(StartKey key, String fingerprint, StreamId proposed) {
        try {
            var verdict = verdict(key, fingerprint, proposed);
            metrics.keyed(kind(verdict));
            return verdict;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict.Unavailable();
        }
    }

    private static Keyed kind(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Ours ours -> ours.fresh() ? Keyed.FIRST : Keyed.TAKEN_OVER;
            case Verdict.Started _ -> Keyed.REPEATED;
            case Verdict.AnotherBody _ -> Keyed.ANOTHER_BODY;
            case Verdict.InProgress _ -> Keyed.IN_PROGRESS;
            case Verdict.Unavailable _ -> Keyed.UNAVAILABLE;
        };
    }

    private Verdict verdict(StartKey key, String fingerprint, StreamId proposed)
            throws InterruptedException {
        var found = index(key).find(key, clock.millis());
        if (found.isPresent()) {
            var held = found.get();
            if (!held.fingerprint().equals(fingerprint)) {
                return new Verdict.AnotherBody();
            }
            if (index(key).awaitStarted(key, setting.patience())) {
                return new Verdict.Started(held.id());
            }
        }
        return claim(key, fingerprint, proposed);
    }

    private KeyIndex index(StartKey key) {
        return indexes.get(key.partition(setting.partitions()));
    }

    private Verdict claim(StartKey key, String fingerprint, StreamId proposed)
            throws InterruptedException {
        long begun = System.nanoTime();
        var claimant = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        var claim =
                new StartWord.Claim(
                        proposed, clock.millis(), fingerprint, claimant, setting.hold().toMillis());
        var read = new CompletableFuture<HeldKey>();
        claims.put(claimant, read);
        try {
            if (log.write(key.record(setting.topic(), setting.partitions(), claim))
                    != CommandWriter.Outcome.ACKNOWLEDGED) {
                return new Verdict.Unavailable();
            }
            var held = read.get(setting.writeMax().toMillis(), TimeUnit.MILLISECONDS);
            if (!held.fingerprint().equals(fingerprint)) {
                return new Verdict.AnotherBody();
            }
            if (held.claimant().equals(claimant)) {
                boolean fresh = held.id().equals(proposed);
                return new Verdict.Ours(held.id(), fresh, begun + setting.writeMax().toNanos());
            }
            return index(key).awaitStarted(key, setting.patience())
                    ? new Verdict.Started(held.id())
                    : new Verdict.InProgress();
        } catch (TimeoutException | ExecutionException e) {
            return new Verdict.Unavailable();
        } finally {
            claims.remove(claimant);
        }
    }

    /** Tells all edges that the stream of a key was started. If it gets lost, they find out. */
    void started(StartKey key, StreamId id) {
        var word = new StartWord.Started(id, clock.millis());
        log.write(key.record(setting.topic(), setting.partitions(), word));
    }
}
