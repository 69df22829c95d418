package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes sure that topics are there as the contract needs them: creates those that are missing,
 * checks those that exist, and returns once every partition has a leader that answers.
 *
 * <p>Every role calls it before it does anything else; whoever comes first creates. All topics of
 * an installation have the same number of partitions, because a stream stands on the partition its
 * id names in each of them; so a missing topic gets the number that {@code events} or {@code
 * commands} has, and the configured number only where neither is there.
 *
 * <p>Waiting for leaders matters: a producer that writes to a topic before that can get stuck on
 * {@code OUT_OF_ORDER_SEQUENCE_NUMBER}. Blocks the calling thread; safe to run in several threads
 * and processes at once.
 */
public final class TopicProvisioner {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final Duration LEADER_POLL = Duration.ofMillis(20);

    private final Admin admin;
    private final Topics topics;
    private final Duration timeout;
    private final AdminAnswers answers;

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
        this.answers = new AdminAnswers(timeout);
    }

    /**
     * Creates or checks the given topics.
     *
     * @return the number of partitions of each, by topic name
     * @throws TopicRefusedException if a topic exists with settings that break a promise, if two
     *     topics of the installation differ in their number of partitions, or if the brokers do not
     *     answer in time
     */
    public Map<String, Integer> ensure(List<Topic> wanted) {
        createMissing(wanted);
        if (topics.management() == TopicManagement.MANAGE) {
            wanted.forEach(this::setAsMeant);
        }
        refuseBrokenPromises(wanted);
        refuseUnequalPartitions();
        return awaitLeaders(wanted);
    }

    /**
     * The same by a role that has to be allowed things: what it is not allowed is said before
     * anything is created, and again once all topics are there.
     *
     * @throws NotAllowedException if something is not allowed
     */
    public Map<String, Integer> ensure(List<Topic> wanted, RightsCheck rights) {
        rights.require();
        var partitions = ensure(wanted);
        rights.require();
        return partitions;
    }

    /**
     * Gives all topics of the installation that exist more partitions, those that Kafka Streams
     * keeps for the projector among them, at once: whoever sees one of them with the new number
     * soon sees all of them so. Streams that are in the log stay where they are.
     *
     * @param partitions how many each is to have, no fewer than now
     * @return the topics that got more, by name, with the number that they had
     * @throws TopicRefusedException if a topic has more already, or the brokers do not do it
     */
    public Map<String, Integer> grow(int partitions) {
        var had = new TreeMap<String, Integer>();
        for (var topic : topics.all()) {
            find(topic).ifPresent(it -> had.put(topic.name(), it.partitions().size()));
        }
        internal().forEach(it -> had.put(it.name(), it.partitions().size()));
        had.forEach((name, count) -> {
            if (count > partitions) {
                throw new TopicRefusedException(
                        "topic %s has %d partitions, which cannot be made %d: partitions are only added"
                                .formatted(name, count, partitions));
            }
        });
        had.values().removeIf(count -> count == partitions);
        var wanted = new HashMap<String, NewPartitions>();
        had.keySet().forEach(name -> wanted.put(name, NewPartitions.increaseTo(partitions)));
        if (!wanted.isEmpty()) {
            await(
                    admin.createPartitions(wanted, answers.limit(new CreatePartitionsOptions()))
                                    .all()
                            ::get,
                    "add partitions to " + had.keySet(),
                    AclOperation.ALTER);
            LOGGER.atInfo()
                    .addKeyValue("partitions", partitions)
                    .addKeyValue("topicNames", had.keySet())
                    .log("partitions added");
        }
        return had;
    }

    private Collection<TopicDescription> internal() {
        var application = topics.application(topics.projector());
        var names =
                await(
                        admin.listTopics(answers.limit(new ListTopicsOptions())).names()::get,
                        "list topics",
                        AclOperation.DESCRIBE);
        var ours = names.stream().filter(name -> Topics.isInternal(name, application)).toList();
        return await(
                        admin.describeTopics(ours, answers.limit(new DescribeTopicsOptions()))
                                        .allTopicNames()
                                ::get,
                        "describe topics " + ours,
                        AclOperation.DESCRIBE)
                .values();
    }

    /**
     * Checks those of the given topics that exist, and creates none: topics that Kafka Streams
     * makes by itself.
     *
     * @throws TopicRefusedException if one exists with settings that break a promise
     */
    public void checkExisting(List<Topic> topicsOfOthers) {
        refuseBrokenPromises(
                topicsOfOthers.stream().filter(topic -> find(topic).isPresent()).toList());
    }

    /*
     * One after the other, events first: whoever creates that decides the number for all, even when
     * roles with different settings start at once on an empty cluster.
     */
    private void createMissing(List<Topic> wanted) {
        var eventsFirst = new ArrayList<>(wanted);
        eventsFirst.sort(Comparator.comparingInt(this::rank));
        var missing = eventsFirst.stream().filter(topic -> find(topic).isEmpty()).toList();
        if (topics.management() == TopicManagement.CHECK && !missing.isEmpty()) {
            throw new TopicRefusedException(
                    "topics are missing, %s, and topics.management=check creates none"
                            .formatted(missing.stream().map(Topic::name).toList()));
        }
        missing.forEach(this::create);
    }

    private void setAsMeant(Topic topic) {
        var found = settingsOf(topic);
        var changes = new ArrayList<AlterConfigOp>();
        new TreeMap<>(topic.settings())
                .forEach((key, value) -> {
                    var entry = found.get(key);
                    if (entry == null || !value.equals(entry.value())) {
                        changes.add(
                                new AlterConfigOp(
                                        new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
                    }
                });
        if (changes.isEmpty()) {
            return;
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        await(
                admin.incrementalAlterConfigs(
                                        Map.of(resource, changes),
                                        answers.limit(new AlterConfigsOptions()))
                                .all()
                        ::get,
                "set settings of topic " + topic.name(),
                AclOperation.ALTER_CONFIGS);
        LOGGER.atInfo()
                .addKeyValue("topicName", topic.name())
                .addKeyValue(
                        "settings",
                        changes.stream().map(change -> change.configEntry().name()).toList())
                .log("topic settings set");
        awaitSet(topic, changes);
    }

    /* A broker may answer before it has heard what the controller has done. */
    private void awaitSet(Topic topic, List<AlterConfigOp> changes) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!settingsAre(topic, changes) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LEADER_POLL.toNanos());
        }
    }

    private boolean settingsAre(Topic topic, List<AlterConfigOp> changes) {
        var found = settingsOf(topic);
        return changes.stream()
                .map(AlterConfigOp::configEntry)
                .allMatch(wanted -> {
                    var entry = found.get(wanted.name());
                    return entry != null && wanted.value().equals(entry.value());
                });
    }

    private int rank(Topic topic) {
        int index = anchors().stream().map(Topic::name).toList().indexOf(topic.name());
        return index < 0 ? Integer.MAX_VALUE : index;
    }

    /* The topics whose number of partitions the others follow. */
    private List<Topic> anchors() {
        return List.of(topics.events(), topics.commands());
    }

    private void create(Topic topic) {
        int partitions =
                anchors().stream()
                        .flatMap(anchor -> find(anchor).stream())
                        .map(anchor -> anchor.partitions().size())
                        .findFirst()
                        .orElse(topics.partitions());
        var request =
                new NewTopic(topic.name(), Optional.of(partitions), replication())
                        .configs(topic.settings());
        try {
            await(
                    admin.createTopics(List.of(request), answers.limit(new CreateTopicsOptions()))
                                    .all()
                            ::get,
                    "create topic " + topic.name(),
                    AclOperation.CREATE);
            /* Known before the next one is created, which has to find how many partitions it got. */
            describe(topic);
            LOGGER.atInfo()
                    .addKeyValue("topicName", topic.name())
                    .addKeyValue("partitions", partitions)
                    .log("topic created");
        } catch (TopicExistsException e) {
            describe(topic); // Another role was faster.
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
                if (!promise.keptBy(value)) {
                    problems.add(
                            "topic %s has %s=%s, must be %s: %s"
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
                                        admin.describeConfigs(
                                                        List.of(resource),
                                                        answers.limit(new DescribeConfigsOptions()))
                                                .values()
                                                .get(resource))
                                ::get,
                        "read settings of topic " + topic.name(),
                        AclOperation.DESCRIBE_CONFIGS));
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
            awaitAnswers(description);
            partitions.put(topic.name(), description.partitions().size());
        }
        return Map.copyOf(partitions);
    }

    /*
     * A broker can name a leader before that leader has opened its log. Asking each of them for
     * its latest offset, which the client repeats until it is answered, closes that gap.
     */
    private void awaitAnswers(TopicDescription description) {
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        for (var partition : description.partitions()) {
            latest.put(
                    new TopicPartition(description.name(), partition.partition()),
                    OffsetSpec.latest());
        }
        untilKnown(() ->
                await(
                        admin.listOffsets(latest, answers.limit(new ListOffsetsOptions())).all()
                                ::get,
                        "reach the leaders of topic " + description.name(),
                        AclOperation.DESCRIBE));
    }

    private TopicDescription describe(Topic topic) {
        return untilKnown(() -> describeOnce(topic));
    }

    private Optional<TopicDescription> find(Topic topic) {
        try {
            return Optional.of(describeOnce(topic));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /* Topics that a role does not use it may not even see. */
    private Optional<TopicDescription> findAllowed(Topic topic) {
        try {
            return find(topic);
        } catch (TopicRefusedException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private TopicDescription describeOnce(Topic topic) {
        return await(
                requireNonNull(
                                admin.describeTopics(
                                                List.of(topic.name()),
                                                answers.limit(new DescribeTopicsOptions()))
                                        .topicNameValues()
                                        .get(topic.name()))
                        ::get,
                "describe topic " + topic.name(),
                AclOperation.DESCRIBE);
    }

    private static boolean allLed(TopicDescription description) {
        return description.partitions().stream()
                .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    }

    private void refuseUnequalPartitions() {
        var found = new LinkedHashMap<String, Integer>();
        for (var topic : topics.all()) {
            findAllowed(topic).ifPresent(it -> found.put(topic.name(), it.partitions().size()));
        }
        if (Set.copyOf(found.values()).size() > 1) {
            throw new TopicRefusedException(
                    "topics have unequal numbers of partitions, %s, must be equal: an id names one"
                                    .formatted(found)
                            + " partition, the same in each of them");
        }
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

    private <T> T await(AdminAnswers.Answer<T> answer, String attempted, AclOperation operation) {
        return answers.await(
                answer,
                attempted,
                error -> {
                    throw switch (error) {
                        case TopicExistsException exists -> exists;
                        case UnknownTopicOrPartitionException unknown -> unknown;
                        case AuthorizationException denied ->
                                new TopicRefusedException(
                                        "cannot %s: Kafka does not allow the principal to %s it: %s"
                                                .formatted(
                                                        attempted, operation, denied.getMessage()),
                                        denied);
                        default -> AdminAnswers.refused(attempted, error);
                    };
                });
    }
}
