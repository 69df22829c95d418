package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes sure that topics are there as the contract needs them: creates those that are missing,
 * checks those that exist, and returns once every partition has a leader.
 *
 * <p>Every role calls it before it does anything else; whoever comes first creates. Waiting for
 * leaders matters: a producer that writes to a topic before that can get stuck on {@code
 * OUT_OF_ORDER_SEQUENCE_NUMBER}. Blocks the calling thread.
 */
public final class TopicProvisioner {
    private static final Duration LEADER_POLL = Duration.ofMillis(20);

    private final Admin admin;
    private final Topics topics;
    private final Duration timeout;

    /**
     * A provisioner.
     *
     * @param admin used, not closed
     * @param timeout longest wait for one step, such as for all leaders
     */
    public TopicProvisioner(Admin admin, Topics topics, Duration timeout) {
        this.admin = admin;
        this.topics = topics;
        this.timeout = timeout;
    }

    /**
     * Creates or checks the given topics.
     *
     * @return the number of partitions of each, by topic name
     * @throws TopicRefusedException if a topic exists with settings that break a promise, if {@code
     *     commands} and {@code events} differ in their number of partitions, or if the brokers do
     *     not answer in time
     */
    public Map<String, Integer> ensure(List<Topic> wanted) {
        createMissing(wanted);
        refuseBrokenPromises(wanted);
        var partitions = awaitLeaders(wanted);
        refuseUnequalPartitions(partitions);
        return partitions;
    }

    private void createMissing(List<Topic> wanted) {
        var requests =
                wanted.stream()
                        .map(topic ->
                                new NewTopic(
                                                topic.name(),
                                                Optional.of(topics.partitions()),
                                                replication())
                                        .configs(topic.settings()))
                        .toList();
        for (var created : admin.createTopics(requests).values().entrySet()) {
            try {
                await(created.getValue()::get, "create topic " + created.getKey());
            } catch (TopicExistsException e) {
                // The usual case: it was here before, or another role was faster.
            }
        }
    }

    private Optional<Short> replication() {
        return topics.replicationFactor() < 0
                ? Optional.empty()
                : Optional.of(topics.replicationFactor());
    }

    private void refuseBrokenPromises(List<Topic> wanted) {
        var problems = new ArrayList<String>();
        for (var topic : wanted) {
            var found = settingsOf(topic);
            for (var promise : topic.promises()) {
                var entry = found.get(promise.key());
                var value = entry == null ? "nothing" : entry.value();
                if (!promise.allowed().contains(value)) {
                    problems.add(
                            "topic %s has %s=%s, must be one of %s: %s"
                                    .formatted(
                                            topic.name(),
                                            promise.key(),
                                            value,
                                            promise.allowed(),
                                            promise.reason()));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TopicRefusedException(String.join("; ", problems));
        }
    }

    private Config settingsOf(Topic topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        /* Right after creation another broker may not know the topic yet. */
        return untilKnown(() ->
                await(
                        requireNonNull(
                                        admin.describeConfigs(List.of(resource))
                                                .values()
                                                .get(resource))
                                ::get,
                        "read settings of topic " + topic.name()));
    }

    private Map<String, Integer> awaitLeaders(List<Topic> wanted) {
        var partitions = new HashMap<String, Integer>();
        for (var topic : wanted) {
            long deadline = System.nanoTime() + timeout.toNanos();
            var description = describe(topic);
            while (!allLed(description)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new TopicRefusedException(
                            "topic %s has partitions without a leader after %s"
                                    .formatted(topic.name(), timeout));
                }
                LockSupport.parkNanos(LEADER_POLL.toNanos());
                description = describe(topic);
            }
            partitions.put(topic.name(), description.partitions().size());
        }
        return Map.copyOf(partitions);
    }

    private TopicDescription describe(Topic topic) {
        return untilKnown(() ->
                await(
                        requireNonNull(
                                        admin.describeTopics(List.of(topic.name()))
                                                .topicNameValues()
                                                .get(topic.name()))
                                ::get,
                        "describe topic " + topic.name()));
    }

    private static boolean allLed(TopicDescription description) {
        return description.partitions().stream()
                .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    }

    private void refuseUnequalPartitions(Map<String, Integer> partitions) {
        var commands = partitions.get(topics.commands().name());
        var events = partitions.get(topics.events().name());
        if (commands != null && events != null && !commands.equals(events)) {
            throw new TopicRefusedException(
                    "topic %s has %d partitions and %s has %d: an id names one partition of both"
                            .formatted(
                                    topics.commands().name(),
                                    commands,
                                    topics.events().name(),
                                    events));
        }
    }

    private interface Answer<T> {
        T within(long time, TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    private interface Question<T> {
        T ask();
    }

    private <T> T untilKnown(Question<T> question) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return question.ask();
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new TopicRefusedException("topic is not known after " + timeout, e);
                }
                LockSupport.parkNanos(LEADER_POLL.toNanos());
            }
        }
    }

    private <T> T await(Answer<T> answer, String attempted) {
        try {
            return answer.within(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TopicExistsException exists -> throw exists;
                case UnknownTopicOrPartitionException unknown -> throw unknown;
                case null, default ->
                        throw new TopicRefusedException(
                                "cannot " + attempted + ": " + e.getCause(), e.getCause());
            }
        } catch (TimeoutException e) {
            throw new TopicRefusedException(
                    "cannot " + attempted + ": no answer from the brokers after " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicRefusedException("cannot " + attempted + ": interrupted", e);
        }
    }
}
