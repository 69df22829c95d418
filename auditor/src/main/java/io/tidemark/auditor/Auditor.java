package io.tidemark.auditor;

import io.tidemark.auditor.internal.AuditKeys;
import io.tidemark.auditor.internal.Cluster;
import io.tidemark.auditor.internal.Findings;
import io.tidemark.auditor.internal.Horizon;
import io.tidemark.auditor.internal.LogReader;
import io.tidemark.auditor.internal.PartitionAudit;
import io.tidemark.auditor.internal.ResultKind;
import io.tidemark.auditor.internal.Rules;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs an audit: reads what the topics hold up to their ends as they were when it began, and checks
 * it against {@code docs/protocol.md}.
 *
 * <p>The ends of the commands are taken before those of the events, so that whatever a command says
 * has happened is among the events that are read. One partition is audited after the other, since
 * nothing of a stream is on another one; that bounds what has to be remembered. Confined to the
 * calling thread.
 */
public final class Auditor {
    private final AuditConfig config;
    private final Findings findings;
    private final Rules rules;
    private final Cluster cluster;
    private final LogReader reader;

    private Auditor(AuditConfig config, Cluster cluster, LogReader reader, AuditKeys keys) {
        this.config = config;
        this.cluster = cluster;
        this.reader = reader;
        this.findings = new Findings(config.limits().violationsMax());
        this.rules =
                new Rules(
                        config.topics(),
                        config.scope(),
                        config.closed(),
                        config.limits(),
                        config.prices(),
                        keys.opener());
    }

    /**
     * Runs an audit, which takes as long as reading the topics does.
     *
     * @throws AuditFailedException if Kafka cannot be read, the topics are not there, or a limit is
     *     too low
     */
    public static AuditReport run(AuditConfig config) {
        try (var cluster = Cluster.reached(config.kafka(), config.topics().events());
                var reader = new LogReader(config.kafka());
                var keys =
                        AuditKeys.of(
                                config.kafka(), config.topics(), config.masterKeys(), cluster)) {
            return new Auditor(config.counting(), cluster, reader, keys).audit();
        } catch (KafkaException | MalformedRecordException e) {
            throw new AuditFailedException("cannot read the topics: " + e.getMessage(), e);
        }
    }

    /** Where the audit stops, taken before anything was read. */
    private record Ends(
            Map<TopicPartition, Long> commands,
            Map<TopicPartition, Long> events,
            Map<TopicPartition, Long> erasures) {
        /* What the projector is waited for. */
        Map<TopicPartition, Long> projected() {
            var all = new HashMap<>(events);
            all.putAll(erasures);
            return all;
        }
    }

    private AuditReport audit() {
        var topics = config.topics();
        var partitions =
                cluster.partitions(
                        List.of(
                                topics.events(),
                                topics.commands(),
                                topics.responses(),
                                topics.usage()),
                        config.scope());
        var ends =
                new Ends(
                        cluster.ends(Cluster.each(topics.commands(), partitions)),
                        cluster.ends(Cluster.each(topics.events(), partitions)),
                        erasures(partitions));
        var projected =
                cluster.awaitGroup(config.projectorGroup(), ends.projected(), config.waitMax());
        for (int partition : partitions) {
            audit(partition, ends, projected);
        }
        return findings.report();
    }

    /* Topics that no role of this version has made yet have none. */
    private Map<TopicPartition, Long> erasures(List<Integer> partitions) {
        var topic = config.topics().erasures();
        return cluster.has(topic) ? cluster.ends(Cluster.each(topic, partitions)) : Map.of();
    }

    private void audit(int partition, Ends ends, Map<TopicPartition, Long> projected) {
        var events = at(config.topics().events(), partition);
        var commands = at(config.topics().commands(), partition);
        long eventsEnd = ends.events().getOrDefault(events, 0L);
        var horizon = reader.horizon(events);
        var audit = new PartitionAudit(rules, findings, horizon, eventsEnd);
        var earliest = config.scope().earliest();

        reader.read(events, horizon, earliest, eventsEnd, audit::event);
        audit.eventsRead();
        reader.read(
                commands,
                reader.horizon(commands),
                earliest,
                ends.commands().getOrDefault(commands, 0L),
                audit::command);
        var erasures = at(config.topics().erasures(), partition);
        long heeded = heeded(erasures, ends, projected);
        readErasures(erasures, heeded, ends, record -> audit.erasure(record, true));
        boolean settled = true;
        var horizons = new EnumMap<ResultKind, Horizon>(ResultKind.class);
        for (var kind : ResultKind.values()) {
            var results = at(kind.topic(config.topics()), partition);
            var from = reader.horizon(results);
            horizons.put(kind, from);
            if (!readResults(kind, results, from, audit)) {
                findings.count(Count.UNREAD);
                settled = false;
            }
        }
        readErasures(erasures, Long.MAX_VALUE, ends, record -> audit.erasure(record, false));
        audit.finish(settled ? projected.getOrDefault(events, 0L) : 0, horizons);
    }

    /* What the projector had read and committed, so that what follows from it is committed as well. */
    private static long heeded(
            TopicPartition erasures, Ends ends, Map<TopicPartition, Long> projected) {
        return Math.min(
                ends.erasures().getOrDefault(erasures, 0L), projected.getOrDefault(erasures, 0L));
    }

    private void readErasures(
            TopicPartition erasures,
            long before,
            Ends ends,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        if (ends.erasures().containsKey(erasures)) {
            long end = cluster.ends(List.of(erasures)).getOrDefault(erasures, 0L);
            /* A stream may be erased long after it ended. */
            reader.read(
                    erasures,
                    reader.horizon(erasures),
                    Optional.empty(),
                    Math.min(before, end),
                    each);
        }
    }

    /*
     * The offset that the projector has committed may be seen before the results of the same
     * transaction are: the end is that of all records, and to be read to it they must be committed.
     */
    private boolean readResults(
            ResultKind kind, TopicPartition results, Horizon from, PartitionAudit audit) {
        long end = cluster.end(results);
        return reader.readCommitted(
                results,
                from,
                config.scope().earliest(),
                end,
                record -> audit.result(kind, record));
    }

    private static TopicPartition at(Topic topic, int partition) {
        return new TopicPartition(topic.name(), partition);
    }
}
