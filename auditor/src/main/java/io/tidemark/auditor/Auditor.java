package io.tidemark.auditor;

import io.tidemark.auditor.internal.Cluster;
import io.tidemark.auditor.internal.Findings;
import io.tidemark.auditor.internal.Horizon;
import io.tidemark.auditor.internal.LogReader;
import io.tidemark.auditor.internal.PartitionAudit;
import io.tidemark.auditor.internal.ResultKind;
import io.tidemark.auditor.internal.Rules;
import io.tidemark.schemas.Topic;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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

    private Auditor(AuditConfig config, Cluster cluster, LogReader reader) {
        this.config = config;
        this.cluster = cluster;
        this.reader = reader;
        this.findings = new Findings(config.limits().violationsMax());
        this.rules = new Rules(config.topics(), config.scope(), config.closed(), config.limits());
    }

    /**
     * Runs an audit, which takes as long as reading the topics does.
     *
     * @throws AuditFailedException if Kafka cannot be read, the topics are not there, or a limit is
     *     too low
     */
    public static AuditReport run(AuditConfig config) {
        try (var cluster = new Cluster(config.kafka());
                var reader = new LogReader(config.kafka())) {
            return new Auditor(config, cluster, reader).audit();
        } catch (KafkaException e) {
            throw new AuditFailedException("cannot read the topics: " + e.getMessage(), e);
        }
    }

    /** Where the audit stops, taken before anything was read. */
    private record Ends(Map<TopicPartition, Long> commands, Map<TopicPartition, Long> events) {}

    private AuditReport audit() {
        var partitions = partitions();
        var topics = config.topics();
        var ends =
                new Ends(
                        cluster.ends(Cluster.each(topics.commands(), partitions)),
                        cluster.ends(Cluster.each(topics.events(), partitions)));
        var projected =
                cluster.awaitGroup(config.projectorGroup(), ends.events(), config.waitMax());
        for (int partition : partitions) {
            audit(partition, ends, projected);
        }
        return findings.report();
    }

    private List<Integer> partitions() {
        int count = cluster.partitions(config.topics());
        var wanted = config.scope().partitions(count).boxed().toList();
        for (int partition : wanted) {
            if (partition >= count) {
                throw new AuditFailedException(
                        "the id names partition %d, and the topics have partitions 0 to %d"
                                .formatted(partition, count - 1));
            }
        }
        return wanted;
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
        audit.finish(settled ? projected.getOrDefault(events, 0L) : 0, horizons);
    }

    /*
     * The offset that the projector has committed may be seen before the results of the same
     * transaction are: the end is that of all records, and to be read to it they must be committed.
     */
    private boolean readResults(
            ResultKind kind, TopicPartition results, Horizon from, PartitionAudit audit) {
        long end = cluster.ends(List.of(results)).getOrDefault(results, 0L);
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
