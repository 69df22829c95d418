package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands in, events out, against a real broker and the simulated provider. */
@RunsOnKafka
class MainPathIT {
    @AutoClose
    private final WorkerHarness harness =
            new WorkerHarness(ProviderSimulatorConfig.DEFAULT.withKeyRequired(true));

    private final ProviderSimulator simulator = harness.simulator();

    @Test
    void writesOneWholeStreamAndPutsItsEndOnRecord() {
        harness.start(simulator.baseUrl());

        var id = harness.ask("sim-answer");

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isNotEmpty();
        assertThat(log.lastAttempt()).isEqualTo(1);
        assertThat(log.events().getFirst().body())
                .isInstanceOfSatisfying(
                        Started.class,
                        started -> {
                            assertThat(started.provider()).isEqualTo("openai");
                            assertThat(started.model()).isEqualTo("sim-answer");
                        });
        harness.awaitAllCommitted();
        assertThat(harness.done(id))
                .singleElement()
                .satisfies(done -> {
                    assertThat(done.worker()).isEqualTo("worker-1");
                    assertThat(done.lastSequence()).isEqualTo(log.events().size() - 1);
                });
    }

    @Test
    void writesManyStreamsAtATime() {
        harness.start(simulator.baseUrl());

        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < 50; i++) {
            ids.add(harness.ask("sim-unicode", "sim_token_ms", "2"));
        }

        var text = harness.ended(ids.getFirst()).whole().text();
        ids.forEach(id -> assertThat(harness.ended(id).whole().text()).isEqualTo(text));
        harness.awaitAllCommitted();
        assertThat(harness.counted(IngestMetrics.STREAMS_ENDED, "outcome", "complete"))
                .isEqualTo(50);
    }

    @Test
    void closesTheProvidersConnectionWithinASecondOfACancel() throws Exception {
        harness.start(simulator.baseUrl());
        var id = harness.ask("sim-long", "sim_token_ms", "20", "sim_tokens", "2000");
        harness.reached(id, 10);
        var request =
                simulator.awaitRequest(
                        r -> r.model().equals("sim-long") && !r.ended(), WorkerHarness.PATIENCE);

        long asked = System.nanoTime();
        harness.cancel(id);

        var closed = simulator.awaitClosed(request.id(), Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
        assertThat(closed.ending()).isEqualTo(Ending.CLIENT_CLOSED);
        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(log.completed().finishReason()).isEqualTo("cancelled");
        harness.awaitAllCommitted();
    }

    @Test
    void cancelsBeforeTheFirstByteToo() throws Exception {
        harness.start(simulator.baseUrl());
        var id = harness.ask("sim-answer", "sim_fault", "stall", "sim_fault_after_bytes", "-1");
        var request =
                simulator.awaitRequest(
                        r -> r.fault().equals(Optional.of("stall")) && !r.ended(),
                        WorkerHarness.PATIENCE);

        harness.cancel(id);

        assertThat(simulator.awaitClosed(request.id(), Duration.ofSeconds(1)).ended()).isTrue();
        assertThat(harness.ended(id).whole().completed().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void takesACancelAtAnyTimeAndAnyNumberOfTimes() {
        harness.start(simulator.baseUrl());
        var early = harness.mint();
        harness.cancel(early);
        harness.cancel(early);
        harness.send(WorkerHarness.startOf(early, "sim-long"));
        var late = harness.ask("sim-answer");
        harness.ended(late);
        harness.cancel(late);
        harness.cancel(harness.mint());

        assertThat(harness.ended(early).whole().completed().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(harness.log(early).events()).hasSize(2);
        assertThat(harness.log(late).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        harness.awaitAllCommitted();
    }

    @Test
    void refusesWhatNoProviderOffers() {
        harness.start(simulator.baseUrl());
        var id = harness.mint();
        var good = WorkerHarness.startOf(id, "sim-answer");
        harness.send(
                new Command.Start(
                        id,
                        good.at(),
                        good.api(),
                        "nobody",
                        good.model(),
                        good.request(),
                        good.onDisconnect(),
                        null,
                        good.metadata(),
                        null));

        var log = harness.ended(id).whole();
        assertThat(log.failed().code()).isEqualTo("invalid_request");
        assertThat(log.events()).hasSize(2);
    }

    @Test
    void leavesStartsInTheLogWhileItIsFull() {
        var limits = IngestLimits.defaults();
        harness.start(
                simulator.baseUrl(),
                config ->
                        config.withLimits(
                                new IngestLimits(
                                        2,
                                        limits.eventBytesMax(),
                                        limits.frameBytesMax(),
                                        limits.errorBodyBytesMax(),
                                        limits.idsRememberedMax(),
                                        limits.backlogStreamsMax(),
                                        limits.takeoversMax(),
                                        limits.response())));
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < 12; i++) {
            ids.add(harness.ask("sim-answer", "sim_ttft_ms", "150"));
        }

        ids.forEach(id ->
                assertThat(harness.ended(id).whole().completed().outcome())
                        .isEqualTo(Outcome.COMPLETE));
        harness.awaitAllCommitted();
        assertThat(mostAtATime()).isLessThanOrEqualTo(2);
    }

    private int mostAtATime() {
        var requests = simulator.requests();
        return requests.stream()
                .skip(Math.max(0, requests.size() - 12))
                .mapToInt(one ->
                        (int)
                                requests.stream()
                                        .skip(Math.max(0, requests.size() - 12))
                                        .filter(other ->
                                                !other.startedAt().isAfter(one.startedAt())
                                                        && other.endedAt()
                                                                .orElseThrow()
                                                                .isAfter(one.startedAt()))
                                        .count())
                .max()
                .orElseThrow();
    }

    @Test
    void provesThatItIsAliveWhileStreamsAreOpen() {
        harness.start(simulator.baseUrl());
        var id = harness.ask("sim-long", "sim_token_ms", "20", "sim_tokens", "2000");
        harness.reached(id, 5);

        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() ->
                        assertThat(leasesOf(id))
                                .anySatisfy(open -> {
                                    assertThat(open.attempt()).isEqualTo(1);
                                    assertThat(open.nextSequence()).isGreaterThan(5);
                                    assertThat(open.lastOffset()).isPositive();
                                }));
        harness.cancel(id);
        harness.ended(id).whole();
    }

    private List<Command.OpenStream> leasesOf(StreamId id) {
        return harness.commands().stream()
                .filter(Command.Lease.class::isInstance)
                .map(Command.Lease.class::cast)
                .flatMap(lease -> lease.open().stream())
                .filter(open -> open.requestId().equals(id))
                .toList();
    }
}
