package io.tidemark.standalone;

import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Adds partitions to an installation that has a Kafka of its own, and tells when its workers have
 * them. Confined to the thread that measures.
 */
final class PartitionGrowth implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration SHARED_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Admin admin;
    private final Topics topics;

    /**
     * Connects.
     *
     * @param topics of the installation
     */
    PartitionGrowth(String servers, Topics topics) {
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
        this.topics = topics;
    }

    /** Gives all topics so many partitions in one request. */
    void addTo(int partitions) {
        new TopicProvisioner(admin, topics, ANSWER_MAX).grow(partitions);
    }

    /**
     * Waits until so many workers have all partitions between them, as many as others or one more
     * or less.
     *
     * @throws BenchFailedException if they have not after a minute
     */
    void awaitShared(int partitions, int members) throws InterruptedException {
        long deadline = System.nanoTime() + SHARED_MAX.toNanos();
        var shares = shares();
        while (!shared(shares, partitions, members)) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailedException(
                        "%d workers were to share %d partitions, and have %s after %s"
                                .formatted(members, partitions, shares, SHARED_MAX));
            }
            Thread.sleep(LOOK_AGAIN);
            shares = shares();
        }
    }

    private static boolean shared(List<Integer> shares, int partitions, int members) {
        int fewest = partitions / members;
        return shares.size() == members
                && shares.stream().mapToInt(Integer::intValue).sum() == partitions
                && shares.stream().allMatch(share -> share == fewest || share == fewest + 1);
    }

    /* Of nobody while the group is about to share anew. */
    private List<Integer> shares() throws InterruptedException {
        try {
            var groups =
                    admin.describeConsumerGroups(List.of(topics.workers())).all().get().values();
            return groups.stream()
                    .filter(group -> group.groupState() == GroupState.STABLE)
                    .flatMap(group -> sizes(group.members()).stream())
                    .toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot tell which partitions workers have", e.getCause());
        }
    }

    private static List<Integer> sizes(Collection<MemberDescription> members) {
        return members.stream()
                .map(member -> member.assignment().topicPartitions().size())
                .toList();
    }

    @Override
    public void close() {
        admin.close();
    }
}
