package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The broker goes away for longer than a record may wait, and comes back. */
class BrokerOutageIT {
    private static final Duration DELIVERY = Duration.ofSeconds(2);

    @Test
    void endsStreamsFromTheLogWhenTheBrokerIsBack(@TempDir Path directory) {
        var first = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
        try (var simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
                var harness = new WorkerHarness(first.bootstrapServers(), "outage")) {
            var worker = harness.start(simulator.baseUrl(), BrokerOutageIT::impatient);
            var id = harness.ask("sim-long", "sim_token_ms", "10", "sim_tokens", "6000");
            harness.reached(id, 20);

            first.close();
            await().atMost(WorkerHarness.PATIENCE).until(() -> simulator.openConnections() == 0);
            var address = first.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            try (var _ = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory).withPort(port))) {
                var log = harness.ended(id).whole();
                assertThat(log.failed().code()).isEqualTo("aborted");
                assertThat(log.fences()).isPositive();
                assertThat(harness.counted(IngestMetrics.PRODUCERS_REPLACED)).isPositive();
                var next = harness.ask("sim-answer");
                assertThat(harness.ended(next).whole().completed().outcome())
                        .isEqualTo(Outcome.COMPLETE);
                harness.awaitAllCommitted();
                worker.close();
            }
        }
    }

    private static IngestConfig impatient(IngestConfig config) {
        var timings = config.timings();
        return config.withTimings(
                new IngestTimings(
                        timings.start(),
                        timings.leaseInterval(),
                        timings.commitInterval(),
                        DELIVERY,
                        timings.drain(),
                        timings.revoke(),
                        timings.session(),
                        timings.clockSkew(),
                        timings.retry(),
                        timings.disconnectGrace()));
    }
}
