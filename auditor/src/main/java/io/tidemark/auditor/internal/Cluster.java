package io.tidemark.auditor.internal;

import static java.util.stream.Collectors.toMap;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * What the brokers say of the topics: how many partitions, where they end, how far the projector
 * has read. Confined to the audit's thread.
 */
public final class Cluster implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Admin admin;
    private final String servers;

    /** The cluster that these settings of Kafka's clients name. */
    public Cluster(Map<String, String> kafka) {
        servers = kafka.getOrDefault("bootstrap.servers", "");
        admin = Admin.create(Map.<String, Object>copyOf(kafka));
    }

    /* How many partitions the topics have, which must be equally many. */
    /**
     * A cluster that has answered for a topic: one that does not is named before anything else is
     * read from it.
     *
     * @throws AuditFailedException if it does not answer, or the topic is not there
     */
    public static Cluster reached(Map<String, String> kafka, Topic topic) {
        var cluster = new Cluster(kafka);
        try {
            cluster.partitions(List.of(topic));
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private int partitions(List<Topic> topics) {
        var names = topics.stream().map(Topic::name).toList();
        var described = admin.describeTopics(names).topicNameValues();
        var counts = new TreeMap<String, Integer>();
        described.forEach((name, topic) ->
                counts.put(name, answer(topic, "describe topic " + name).partitions().size()));
        if (Set.copyOf(counts.values()).size() > 1) {
            throw new AuditFailedException(
                    "topics have unequal numbers of partitions, " + counts + ", must be equal");
        }
        return counts.firstEntry().getValue();
    }

    /**
     * The partitions of these topics that a scope's streams are on.
     *
     * @throws AuditFailedException if a topic is not there, if they do not have equally many
     *     partitions, or not so many
     */
    public List<Integer> partitions(List<Topic> topics, Scope scope) {
        int count = partitions(topics);
        var wanted = scope.partitions(count).boxed().toList();
        for (int partition : wanted) {
            if (partition >= count) {
                throw new AuditFailedException(
                        "the id names partition %d, and the topics have partitions 0 to %d"
                                .formatted(partition, count - 1));
            }
        }
        return wanted;
    }

    /** Whether a topic is there. */
    public boolean has(Topic topic) {
        return answer(admin.listTopics().names(), "list topics").contains(topic.name());
    }

    /** The offset behind the last record of one partition, committed or not. */
    public long end(TopicPartition partition) {
        return ends(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** The offsets behind the last records, committed or not. */
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        var latest = partitions.stream().collect(toMap(it -> it, _ -> OffsetSpec.latest()));
        var found = answer(admin.listOffsets(latest).all(), "read the ends of " + partitions);
        return found.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /**
     * How far a group has read, once it has read so far or the time is over.
     *
     * @return the group's committed offsets; 0 where it has none
     */
    public Map<TopicPartition, Long> awaitGroup(
            String group, Map<TopicPartition, Long> ends, Duration wait) {
        long began = System.nanoTime();
        var reached = committed(group, ends.keySet());
        while (!reachedAll(reached, ends) && System.nanoTime() - began < wait.toNanos()) {
            LockSupport.parkNanos(POLL.toNanos());
            reached = committed(group, ends.keySet());
        }
        return reached;
    }

    private static boolean reachedAll(
            Map<TopicPartition, Long> reached, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> reached.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private Map<TopicPartition, Long> committed(String group, Set<TopicPartition> partitions) {
        var offsets =
                answer(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "read the offsets of group " + group);
        var found = new HashMap<TopicPartition, Long>();
        for (var partition : partitions) {
            var offset = offsets.get(partition);
            found.put(partition, offset == null ? 0L : offset.offset());
        }
        return found;
    }

    private <T> T answer(KafkaFuture<T> future, String attempted) {
        try {
            return future.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AuditFailedException(problem(attempted, e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new AuditFailedException(
                    "cannot %s: no answer from %s after %s"
                            .formatted(attempted, servers, ANSWER_MAX),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditFailedException("cannot " + attempted + ": interrupted", e);
        }
    }

    private String problem(String attempted, @Nullable Throwable cause) {
        return cause instanceof UnknownTopicOrPartitionException
                ? "cannot %s: it does not exist at %s".formatted(attempted, servers)
                : "cannot %s at %s: %s".formatted(attempted, servers, cause);
    }

    /** The same partition of several topics. */
    public static List<TopicPartition> each(Topic topic, Collection<Integer> partitions) {
        return partitions.stream()
                .map(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }

    @Override
    public void close() {
        admin.close(CLOSE_MAX);
    }
}
