package io.tidemark.projector.internal.rebuild;

import static java.util.stream.Collectors.toMap;

import io.tidemark.projector.RebuildFailedException;
import io.tidemark.schemas.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * What a rebuild asks of the brokers and tells them, each within a fixed time. Thread-safe.
 *
 * <p>All methods throw {@link RebuildFailedException} if no answer comes in time or the answer is
 * an error, and {@link InterruptedException} if the thread is.
 */
final class Brokers implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Admin admin;

    Brokers(Map<String, String> kafka) {
        this.admin = Admin.create(Map.<String, Object>copyOf(kafka));
    }

    /** The partitions of a topic. */
    List<TopicPartition> partitions(Topic topic) throws InterruptedException {
        var described =
                answer(
                        admin.describeTopics(List.of(topic.name())).allTopicNames(),
                        "describe topic " + topic.name());
        return Objects.requireNonNull(described.get(topic.name())).partitions().stream()
                .map(it -> new TopicPartition(topic.name(), it.partition()))
                .toList();
    }

    /** Where the records of partitions begin. */
    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return offsets(partitions, OffsetSpec.earliest());
    }

    /** Where the records of partitions end. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** The offsets of the first records appended at a time or later; -1 where there is none. */
    Map<TopicPartition, Long> since(Collection<TopicPartition> partitions, Instant time)
            throws InterruptedException {
        return offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec) throws InterruptedException {
        var asked = partitions.stream().collect(toMap(it -> it, _ -> spec));
        return mapped(
                answer(admin.listOffsets(asked).all(), "read offsets"),
                ListOffsetsResultInfo::offset);
    }

    private static <V> Map<TopicPartition, Long> mapped(
            Map<TopicPartition, V> found, java.util.function.ToLongFunction<V> offset) {
        var offsets = new HashMap<TopicPartition, Long>();
        found.forEach((partition, value) -> {
            if (value != null) {
                offsets.put(partition, offset.applyAsLong(value));
            }
        });
        return offsets;
    }

    /** What a group has committed; partitions of which it has nothing are left out. */
    Map<TopicPartition, Long> committed(String group) throws InterruptedException {
        return mapped(
                answer(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "read the offsets of group " + group),
                OffsetAndMetadata::offset);
    }

    /** Sets what a group without members has committed. */
    void commit(String group, Map<TopicPartition, Long> offsets) throws InterruptedException {
        var wanted = new HashMap<TopicPartition, OffsetAndMetadata>();
        offsets.forEach(
                (partition, offset) -> wanted.put(partition, new OffsetAndMetadata(offset)));
        answer(
                admin.alterConsumerGroupOffsets(group, wanted).all(),
                "set the offsets of group " + group);
    }

    /** Whether nobody is in a group, or there is none. */
    boolean empty(String group) throws InterruptedException {
        try {
            var described = admin.describeConsumerGroups(List.of(group)).describedGroups();
            return isEmpty(ask(Objects.requireNonNull(described.get(group)), "describe " + group));
        } catch (GroupIdNotFoundException e) {
            return true;
        }
    }

    private static boolean isEmpty(ConsumerGroupDescription group) {
        return group.groupState() == GroupState.EMPTY || group.groupState() == GroupState.DEAD;
    }

    /** A topic's setting as the brokers have it. */
    String setting(Topic topic, String key) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        var found =
                answer(
                        admin.describeConfigs(List.of(resource)).all(),
                        "read settings of topic " + topic.name());
        return Objects.requireNonNull(found.get(resource)).get(key).value();
    }

    /** Deletes the topics whose names fit; returns their names. */
    Set<String> delete(Predicate<String> names) throws InterruptedException {
        var all = answer(admin.listTopics().names(), "list topics");
        var chosen = all.stream().filter(names).collect(java.util.stream.Collectors.toSet());
        try {
            ask(admin.deleteTopics(chosen).all(), "delete topics");
        } catch (UnknownTopicOrPartitionException e) {
            /* Gone already, which is what was wanted. */
            return chosen;
        }
        return chosen;
    }

    /** Forgets a group without members. */
    void forget(String group) throws InterruptedException {
        try {
            ask(admin.deleteConsumerGroups(List.of(group)).all(), "delete group " + group);
        } catch (GroupIdNotFoundException e) {
            return; // There never was one.
        }
    }

    private static <T> T answer(KafkaFuture<T> future, String attempted)
            throws InterruptedException {
        try {
            return ask(future, attempted);
        } catch (UnknownTopicOrPartitionException | GroupIdNotFoundException e) {
            throw new RebuildFailedException("cannot " + attempted + ": " + e.getMessage(), e);
        }
    }

    private static <T> T ask(KafkaFuture<T> future, String attempted) throws InterruptedException {
        try {
            return future.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UnknownTopicOrPartitionException unknown -> throw unknown;
                case GroupIdNotFoundException unknown -> throw unknown;
                case null, default ->
                        throw new RebuildFailedException(
                                "cannot " + attempted + ": " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new RebuildFailedException(
                    "cannot " + attempted + ": no answer after " + ANSWER_MAX, e);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE_MAX);
    }
}
