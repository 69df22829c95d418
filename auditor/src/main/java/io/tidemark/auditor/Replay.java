package io.tidemark.auditor;

import io.tidemark.auditor.internal.AuditKeys;
import io.tidemark.auditor.internal.Cluster;
import io.tidemark.auditor.internal.Horizon;
import io.tidemark.auditor.internal.LogReader;
import io.tidemark.auditor.internal.PartitionReplay;
import io.tidemark.auditor.internal.PartitionReplay.Projected;
import io.tidemark.auditor.internal.ReadAgain;
import io.tidemark.auditor.internal.ResultKind;
import io.tidemark.auditor.internal.Rules;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Topic;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds streams again from {@code tidemark.events} and compares what comes of it with what the
 * projector has published in {@code tidemark.responses} and {@code tidemark.usage}: an operator's
 * tool for when results are in doubt, and the test that a fold still gives what it gave.
 *
 * <p>It begins where the log's time index says that the streams can begin, and reads to the end
 * that the log had then, or to where the streams that were asked for by their ids have ended. Then
 * it waits for the projector, for a time, and reads the results. While others write it may run as
 * well. Only fingerprints are kept; a stream that differs is read again to tell where. One
 * partition comes after the other, since nothing of a stream is on another one. Confined to the
 * calling thread.
 */
public final class Replay {
    private final ReplayConfig config;
    private final Rules rules;
    private final Cluster cluster;
    private final LogReader reader;
    private final ReplayTally tally;
    private final boolean erasable;
    private Duration waitLeft;

    private Replay(
            ReplayConfig config,
            Cluster cluster,
            LogReader reader,
            AuditKeys keys,
            ReplayListener listener) {
        this.config = config;
        this.rules =
                new Rules(
                        config.topics(),
                        config.scope(),
                        false,
                        config.limits(),
                        PriceTable.NONE,
                        keys.opener());
        this.cluster = cluster;
        this.reader = reader;
        this.tally = new ReplayTally(config, listener);
        /* A topic that no role of this version has made yet is not there. */
        this.erasable = cluster.has(config.topics().erasures());
        this.waitLeft = config.waitMax();
    }

    /**
     * Replays, which takes as long as reading what is in the scope does.
     *
     * @param listener told of streams as {@link ReplayConfig#scope} says, partition by partition
     * @throws AuditFailedException if Kafka cannot be read, the topics are not there, or a limit is
     *     too low
     */
    public static ReplaySummary run(ReplayConfig config, ReplayListener listener) {
        try (var cluster = Cluster.reached(config.kafka(), config.topics().events());
                var reader = new LogReader(config.kafka());
                var keys =
                        AuditKeys.of(
                                config.kafka(), config.topics(), config.masterKeys(), cluster)) {
            return new Replay(config.counting(), cluster, reader, keys, listener).replay();
        } catch (KafkaException | MalformedRecordException e) {
            throw new AuditFailedException("cannot read the topics: " + e.getMessage(), e);
        }
    }

    private ReplaySummary replay() {
        var topics = config.topics();
        var read = List.of(topics.events(), topics.responses(), topics.usage());
        var partitions = cluster.partitions(read, config.scope());
        var ends = cluster.ends(Cluster.each(topics.events(), partitions));
        for (int partition : partitions) {
            var events = at(topics.events(), partition);
            replay(events, ends.getOrDefault(events, 0L));
        }
        return tally.summary();
    }

    private void replay(TopicPartition events, long end) {
        var horizon = reader.horizon(events);
        var partition = new PartitionReplay(rules, events.partition(), horizon, end);
        long start =
                reader.start(events, horizon, config.scope().earliest(events.partition()), end);
        reader.read(events, start, end, partition::enough, partition::event);
        partition.eventsRead();
        long projected = awaitProjector(events, partition.endsBefore());
        var results = readResults(partition, events.partition());
        readErasures(partition, events.partition());
        partition.finish(
                new Projected(projected, results.unsettled(), results.horizons()),
                new ReadAgain(reader, config.topics(), rules.opener(), events.partition()),
                tally);
    }

    /* What one partition waited is not there for the next: it is as long for all that stand still. */
    private long awaitProjector(TopicPartition events, long end) {
        if (end == 0) {
            return 0;
        }
        long began = System.nanoTime();
        var reached = cluster.awaitGroup(config.projectorGroup(), Map.of(events, end), waitLeft);
        var waited = Duration.ofNanos(System.nanoTime() - began);
        waitLeft = waited.compareTo(waitLeft) < 0 ? waitLeft.minus(waited) : Duration.ZERO;
        return reached.getOrDefault(events, 0L);
    }

    private record ReadResults(Set<ResultKind> unsettled, Map<ResultKind, Horizon> horizons) {}

    /*
     * The offset that the projector has committed may be seen before the results of the same
     * transaction are: the end is that of all records, and to be read to it they must be committed.
     */
    private ReadResults readResults(PartitionReplay partition, int number) {
        var unsettled = EnumSet.noneOf(ResultKind.class);
        var horizons = new EnumMap<ResultKind, Horizon>(ResultKind.class);
        for (var kind : ResultKind.values()) {
            var results = at(kind.topic(config.topics()), number);
            var horizon = reader.horizon(results);
            horizons.put(kind, horizon);
            boolean settled =
                    reader.readCommitted(
                            results,
                            horizon,
                            config.scope().earliest(number),
                            cluster.end(results),
                            record -> partition.result(kind, record));
            if (!settled) {
                unsettled.add(kind);
            }
        }
        return new ReadResults(unsettled, horizons);
    }

    /* After the results: what took one of them away is among them. Streams may be erased late. */
    private void readErasures(PartitionReplay partition, int number) {
        if (erasable) {
            var erasures = at(config.topics().erasures(), number);
            reader.read(
                    erasures,
                    reader.horizon(erasures),
                    Optional.empty(),
                    cluster.end(erasures),
                    partition::erasure);
        }
    }

    private static TopicPartition at(Topic topic, int partition) {
        return new TopicPartition(topic.name(), partition);
    }
}
