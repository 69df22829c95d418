package io.tidemark.schemas;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the brokers whether a role is allowed what it has to do, before it does any of it: so that
 * all that is missing is said at once and by name, instead of what happens to fail first. Without
 * an authorizer everything is allowed.
 *
 * <p>Of topics the brokers tell all operations that they allow, and of groups too, once there is
 * one; of transactional ids, and of groups before that, whether they may be described, which
 * whoever may use them may. What is not there yet, but may be described, says nothing: what is not
 * allowed of it Kafka refuses when it is done. Nor is it asked who may create: what is there need
 * not be created, and who may create anything on the cluster has no right to a topic. Thread-safe;
 * blocks the calling thread.
 */
public final class RightsCheck {
    /* Every projector keeps a store in one of that name. */
    private static final String INTERNAL_TOPIC = "-progress-changelog";

    private final Admin admin;
    private final KafkaRole role;
    private final Topics topics;
    private final List<Right> rights;
    private final AdminAnswers answers;

    /**
     * A check of one role.
     *
     * @param admin used, not closed; the principal that is checked is its own
     * @param topics of the installation, and the generation of results that is meant
     * @param parts what the installation has
     * @param timeout longest wait for each kind of answer
     */
    public RightsCheck(
            Admin admin,
            KafkaRole role,
            Topics topics,
            Set<KafkaRole.Part> parts,
            Duration timeout) {
        this.admin = admin;
        this.role = role;
        this.topics = topics;
        this.rights = role.rights(topics, parts);
        this.answers = new AdminAnswers(timeout);
    }

    /**
     * Checks.
     *
     * @throws NotAllowedException if something is not allowed; it names all that is known of it
     * @throws TopicRefusedException if the brokers do not answer
     */
    public void require() {
        require(rights);
    }

    /**
     * Checks a part of the list: what is done this time.
     *
     * @param operations those that are
     * @throws NotAllowedException if one of them is not allowed
     * @throws TopicRefusedException if the brokers do not answer
     */
    public void require(Set<AclOperation> operations) {
        require(rights.stream().filter(it -> operations.contains(it.operation())).toList());
    }

    private void require(List<Right> wanted) {
        var missing = missing(wanted);
        if (!missing.isEmpty()) {
            throw new NotAllowedException(role, missing);
        }
    }

    /* As far as the brokers tell, in the order of the list. */
    private List<Right> missing(List<Right> wanted) {
        var told = new HashMap<Resource, Optional<Set<AclOperation>>>();
        askTopics(told);
        askGroups(told);
        askTransactions(told);
        return wanted.stream()
                .filter(right -> right.operation() != AclOperation.CREATE)
                .filter(right ->
                        meant(right).stream()
                                .anyMatch(it ->
                                        denied(right, told.getOrDefault(it, Optional.empty()))))
                .toList();
    }

    /** What is asked about. */
    private record Resource(ResourceType type, String name) {}

    private static boolean denied(Right right, Optional<Set<AclOperation>> allowed) {
        return allowed.isPresent() && !allowed.get().contains(asked(right, allowed.get()));
    }

    /* Of what nothing but its existence is told, being described stands for being used. */
    private static AclOperation asked(Right right, Set<AclOperation> allowed) {
        return allowed.equals(Set.of(AclOperation.UNKNOWN))
                ? AclOperation.UNKNOWN
                : right.operation();
    }

    /* A prefix stands for the resources with such names that the installation has for certain. */
    private List<Resource> meant(Right right) {
        if (right.pattern() == PatternType.LITERAL) {
            return List.of(new Resource(right.type(), right.name()));
        }
        return known(right.type())
                .filter(name -> name.startsWith(right.name()))
                .map(name -> new Resource(right.type(), name))
                .toList();
    }

    private Stream<String> known(ResourceType type) {
        var application = topics.application(topics.projector());
        return switch (type) {
            case TOPIC ->
                    Stream.concat(
                            topics.all().stream().map(Topic::name),
                            Stream.of(application + INTERNAL_TOPIC));
            case GROUP -> Stream.of(application);
            case TRANSACTIONAL_ID -> Stream.of(application + "-rights");
            default -> Stream.of();
        };
    }

    private Set<String> names(ResourceType type) {
        return rights.stream()
                .filter(right -> right.type() == type)
                .flatMap(right -> meant(right).stream())
                .map(Resource::name)
                .collect(Collectors.toSet());
    }

    private void askTopics(Map<Resource, Optional<Set<AclOperation>>> told) {
        var options = answers.limit(new DescribeTopicsOptions()).includeAuthorizedOperations(true);
        admin.describeTopics(names(ResourceType.TOPIC), options)
                .topicNameValues()
                .forEach((name, answer) ->
                        told.put(
                                new Resource(ResourceType.TOPIC, name),
                                allowed(
                                        answer,
                                        TopicDescription::authorizedOperations,
                                        "describe topic " + name)));
    }

    private void askGroups(Map<Resource, Optional<Set<AclOperation>>> told) {
        var options =
                answers.limit(new DescribeConsumerGroupsOptions())
                        .includeAuthorizedOperations(true);
        admin.describeConsumerGroups(names(ResourceType.GROUP), options)
                .describedGroups()
                .forEach((name, answer) ->
                        told.put(
                                new Resource(ResourceType.GROUP, name),
                                allowed(
                                        answer,
                                        ConsumerGroupDescription::authorizedOperations,
                                        "describe group " + name)));
    }

    private void askTransactions(Map<Resource, Optional<Set<AclOperation>>> told) {
        var names = names(ResourceType.TRANSACTIONAL_ID);
        var described =
                admin.describeTransactions(names, answers.limit(new DescribeTransactionsOptions()));
        for (var name : names) {
            told.put(
                    new Resource(ResourceType.TRANSACTIONAL_ID, name),
                    allowed(
                            described.description(name),
                            _ -> Set.of(AclOperation.UNKNOWN),
                            "describe transactional id " + name));
        }
    }

    /* Nothing where it is denied to be described; empty where it is not there, or not told. */
    private <T> Optional<Set<AclOperation>> allowed(
            KafkaFuture<T> answer,
            Function<T, @Nullable Set<AclOperation>> operations,
            String attempted) {
        return answers.await(
                (time, unit) -> Optional.ofNullable(operations.apply(answer.get(time, unit))),
                attempted,
                error ->
                        switch (error) {
                            case AuthorizationException _ -> Optional.of(Set.of());
                            case UnknownTopicOrPartitionException _ -> Optional.empty();
                            case GroupIdNotFoundException _ -> Optional.empty();
                            case TransactionalIdNotFoundException _ -> Optional.empty();
                            default -> throw AdminAnswers.refused(attempted, error);
                        });
    }
}
