package io.tidemark.faults;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Asks Kafka whether every partition has all its replicas in sync. Thread-safe. */
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
        long deadline = System.nanoTime() + longest.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (inSync()) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    private boolean inSync() throws InterruptedException {
        try {
            var names = admin.listTopics(ALL).names().get();
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(it -> it.isr().size() == it.replicas().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException) {
                return false;
            }
            throw new IllegalStateException("cannot describe topics", e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
