package io.tidemark.testkit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a test class has left in a Kafka that others use after it. */
final class Leftovers {
    private static final int WAIT_SECONDS = 60;

    private Leftovers() {}

    /**
     * Deletes the topics and the groups whose names begin with a prefix. A group that still has
     * members, of a client that was killed, is left: brokers drop it with its offsets.
     *
     * @throws IllegalStateException if a broker refuses, or does not answer in time
     */
    static void delete(String bootstrapServers, String prefix) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var topics = startingWith(prefix, answer(admin.listTopics().names()));
            awaitGone(admin.deleteTopics(topics).topicNameValues().values());
            var groups =
                    answer(admin.listGroups().all()).stream().map(GroupListing::groupId).toList();
            awaitGone(
                    admin.deleteConsumerGroups(startingWith(prefix, groups))
                            .deletedGroups()
                            .values());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it deleted " + prefix + "*", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(prefix + "* could not be deleted: " + e, e);
        }
    }

    private static List<String> startingWith(String prefix, Collection<String> names) {
        return names.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private static <T> T answer(KafkaFuture<T> asked)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static void awaitGone(Collection<KafkaFuture<Void>> deleted)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (var one : deleted) {
            try {
                answer(one);
            } catch (ExecutionException e) {
                if (!mayBe(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    private static boolean mayBe(@Nullable Throwable refusal) {
        return refusal instanceof UnknownTopicOrPartitionException
                || refusal instanceof GroupIdNotFoundException
                || refusal instanceof GroupNotEmptyException;
    }
}
