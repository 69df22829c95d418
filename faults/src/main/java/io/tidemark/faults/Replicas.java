package io.tidemark.faults;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Asks Kafka whether every partition has all its replicas in sync, and who leads it, and has it led
 * by another. Thread-safe.
 */
final class Replicas implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private static final ListTopicsOptions ALL = new ListTopicsOptions().listInternal(true);

    private final Admin admin;

    Replicas(String bootstrapServers) {
        admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "default.api.timeout.ms", 10_000,
                                "request.timeout.ms", 5_000));
    }

    /** Waits until they are, or until time is up. */
    boolean awaitInSync(Duration longest) throws InterruptedException {
        return await(longest, this::inSync);
    }

    private boolean inSync() throws ExecutionException, InterruptedException {
        return partitions().values().stream()
                .allMatch(it -> it.isr().size() == it.replicas().size());
    }

    /**
     * Makes a broker the leader of every partition that it has a replica of.
     *
     * @return whether it was within that time
     */
    boolean lead(int broker, Duration longest) throws InterruptedException {
        return await(longest, () -> asked(broker));
    }

    /* An election is over when it is answered; partitions that could not have one are asked again. */
    private boolean asked(int broker) throws ExecutionException, InterruptedException {
        var others = new HashMap<TopicPartition, Optional<NewPartitionReassignment>>();
        partitions()
                .forEach((partition, it) -> {
                    if (has(it, broker) && !ledBy(it, broker)) {
                        others.put(partition, Optional.of(first(broker, it)));
                    }
                });
        if (others.isEmpty()) {
            return true;
        }
        admin.alterPartitionReassignments(others).all().get();
        admin.electLeaders(ElectionType.PREFERRED, others.keySet()).partitions().get();
        return false;
    }

    private static NewPartitionReassignment first(int broker, TopicPartitionInfo partition) {
        var others = partition.replicas().stream().map(Node::id).filter(id -> id != broker);
        return new NewPartitionReassignment(Stream.concat(Stream.of(broker), others).toList());
    }

    private static boolean has(TopicPartitionInfo partition, int broker) {
        return partition.replicas().stream().anyMatch(it -> it.id() == broker);
    }

    private static boolean ledBy(TopicPartitionInfo partition, int broker) {
        return partition.leader() != null && partition.leader().id() == broker;
    }

    /** Waits until every partition has a leader and none has this one, or until time is up. */
    boolean awaitLedByOthers(int broker, Duration longest) throws InterruptedException {
        return await(
                longest,
                () ->
                        partitions().values().stream()
                                .allMatch(it -> it.leader() != null && !ledBy(it, broker)));
    }

    private Map<TopicPartition, TopicPartitionInfo> partitions()
            throws ExecutionException, InterruptedException {
        var names = admin.listTopics(ALL).names().get();
        var partitions = new HashMap<TopicPartition, TopicPartitionInfo>();
        admin.describeTopics(names)
                .allTopicNames()
                .get()
                .forEach((name, topic) -> {
                    for (var it : topic.partitions()) {
                        partitions.put(new TopicPartition(name, it.partition()), it);
                    }
                });
        return partitions;
    }

    private interface Question {
        boolean ask() throws ExecutionException, InterruptedException;
    }

    private static boolean await(Duration longest, Question question) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (answered(question)) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /* No, if Kafka does not say. */
    private static boolean answered(Question question) throws InterruptedException {
        try {
            return question.ask();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException) {
                return false;
            }
            throw new IllegalStateException("cannot ask about topics", e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
