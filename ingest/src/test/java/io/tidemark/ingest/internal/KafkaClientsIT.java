package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.IngestTimings;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

class KafkaClientsIT {
    /* Whoever scans holds a permit that others wait for. */
    @Test
    void whoScansGivesUpOnAPartitionThatIsNotToBeReachedAndAsksAgain() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var clients = new KafkaClients(config(silent.getLocalPort()));
            var asked =
                    CompletableFuture.supplyAsync(() -> {
                        try (var scanner = clients.scanner()) {
                            return scanner.endOffsets(List.of(new TopicPartition("events", 0)));
                        }
                    });

            assertThat(asked)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(TimeoutException.class);
        }
    }

    /**
     * A broker that has lost its cable, as far as a client can see: Kafka's own patience is 30 s,
     * in which a place in the group is lost. Decision 069.
     */
    @Test
    void aMemberAsksASilentBrokerAgainBeforeItsSessionIsOver() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new KafkaClients(config(silent.getLocalPort()));
            var asking = threads.submit(() -> poll(clients));
            silent.setSoTimeout(20_000);
            try (var first = silent.accept()) {
                assertThat(first.getInputStream().read()).as("it asks").isNotNegative();
                try (var second = silent.accept()) {
                    assertThat(second.getInputStream().read()).as("again").isNotNegative();
                }
            } finally {
                asking.cancel(true);
            }
        }
    }

    private static void poll(KafkaClients clients) {
        try (var member = clients.commands()) {
            member.subscribe(List.of("commands"));
            while (!Thread.currentThread().isInterrupted()) {
                member.poll(Duration.ofMillis(100));
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IngestConfig config(int port) {
        var provider =
                ProviderConfig.of(
                        "openai",
                        List.of(ResponsesApi.NAME),
                        URI.create("http://127.0.0.1:9/v1"),
                        null);
        return IngestConfig.of(
                        Map.of("bootstrap.servers", "127.0.0.1:" + port),
                        Topics.defaults(),
                        "worker-1",
                        List.of(provider))
                .withTimings(impatient());
    }

    private static IngestTimings impatient() {
        var other = IngestTimings.defaults();
        return new IngestTimings(
                other.start(),
                other.leaseInterval(),
                other.commitInterval(),
                Duration.ofMillis(200),
                other.drain(),
                other.revoke(),
                other.session(),
                other.clockSkew(),
                other.retry(),
                other.disconnectGrace());
    }
}
