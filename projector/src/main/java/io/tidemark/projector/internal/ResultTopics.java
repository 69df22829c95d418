package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorStartException;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes sure that the topics are there, and that those of the results have as many partitions as
 * the events, however many the events were found with: an id names one partition of all of them.
 */
public final class ResultTopics {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private ResultTopics() {}

    /**
     * Creates or checks the topics; blocks.
     *
     * @return the number of partitions of each
     * @throws ProjectorStartException if a result topic has another number of partitions
     */
    public static int ensure(Map<String, String> kafka, Topics topics) {
        try (var admin = Admin.create(new HashMap<String, Object>(kafka))) {
            int wanted = partitions(admin, topics, topics.events());
            var aligned = withPartitions(topics, wanted);
            for (var topic : List.of(topics.responses(), topics.usage())) {
                int found = partitions(admin, aligned, topic);
                if (found != wanted) {
                    throw new ProjectorStartException(
                            "topic %s has %d partitions and %s has %d: an id names one of both"
                                    .formatted(
                                            topic.name(), found, topics.events().name(), wanted));
                }
            }
            return wanted;
        }
    }

    private static int partitions(Admin admin, Topics topics, Topic topic) {
        var found = new TopicProvisioner(admin, topics, TIMEOUT).ensure(List.of(topic));
        return found.getOrDefault(topic.name(), 0);
    }

    private static Topics withPartitions(Topics topics, int partitions) {
        return new Topics(
                topics.prefix(),
                partitions,
                topics.replicationFactor(),
                topics.eventRetention(),
                topics.commandRetention(),
                topics.resultRetention());
    }
}
