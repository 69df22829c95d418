package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Streams that are to be cancelled when nobody reads them any more; the test speaks for edges. */
@RunsOnKafka
class PresenceIT {
    private static final long LONG_MS = 60_000;

    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    private void worker(String id, Duration grace) {
        var config =
                harness.config(
                        id, WorkerHarness.provider(simulator.baseUrl(), WorkerHarness.patient()));
        var timings = config.timings().withDrain(Duration.ofSeconds(30)).withDisconnectGrace(grace);
        harness.start(config.withTimings(timings));
    }

    private StreamId ask(OnDisconnect policy, int seconds) {
        var id = harness.mint();
        var tokens = Integer.toString(seconds * 50);
        var any = WorkerHarness.startOf(id, "sim-long", "sim_token_ms", "20", "sim_tokens", tokens);
        harness.send(
                new Command.Start(
                        id,
                        any.at(),
                        any.api(),
                        any.provider(),
                        any.model(),
                        any.request(),
                        policy,
                        null,
                        any.metadata(),
                        null));
        return id;
    }

    private void say(StreamId id, String edge, int readers, long validMs) {
        harness.send(new Command.Presence(id, System.currentTimeMillis(), edge, readers, validMs));
    }

    private void assertDeserted(StreamId id) {
        var end = harness.ended(id).whole().completed();
        assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(end.finishReason()).isEqualTo("disconnected");
    }

    @Test
    void aStreamThatNobodyReadsIsCancelledAtItsProvider() throws Exception {
        worker("worker-1", Duration.ofSeconds(1));
        var ordinary = ask(OnDisconnect.CONTINUE, 6);
        harness.reached(ordinary, 5);
        int before = simulator.requests().size();
        var id = ask(OnDisconnect.CANCEL, 120);
        harness.reached(id, 5);
        var upstream =
                simulator.awaitRequest(
                        request -> request.id() > before && !request.ended(),
                        WorkerHarness.PATIENCE);

        assertDeserted(id);

        assertThat(simulator.awaitClosed(upstream.id(), Duration.ofSeconds(5)).ending())
                .isEqualTo(Ending.CLIENT_CLOSED);
        assertThat(harness.counted(IngestMetrics.STREAMS_DESERTED)).isEqualTo(1);
        assertThat(harness.ended(ordinary).whole().completed().outcome())
                .as("one that goes on unread")
                .isEqualTo(Outcome.COMPLETE);
        harness.awaitAllCommitted();
    }

    @Test
    void aStreamIsReadForAsLongAsOneEdgeSaysSo() {
        worker("worker-1", Duration.ofSeconds(2));
        var id = ask(OnDisconnect.CANCEL, 6);
        say(id, "edge-1", 1, LONG_MS);
        harness.reached(id, 100);
        say(id, "edge-1", 0, 0);
        say(id, "edge-2", 1, LONG_MS);

        assertThat(harness.ended(id).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(harness.counted(IngestMetrics.STREAMS_DESERTED)).isZero();
    }

    @Test
    void anEdgeThatDiesWithoutAWordCountsAsGone() {
        worker("worker-1", Duration.ofSeconds(1));
        var id = ask(OnDisconnect.CANCEL, 120);
        for (int i = 1; i <= 3; i++) {
            say(id, "edge-1", 1, 2_000);
            harness.reached(id, i * 50);
        }

        assertDeserted(id);
        var events = harness.log(id).events();
        assertThat(events.getLast().at() - events.get(100).at())
                .as("the last word held for 2 s, and the grace period is 1 s")
                .isGreaterThan(3_000);
    }

    @Test
    void whoeverLetAPartitionGoHeedsItsReadersStill() {
        worker("worker-1", Duration.ofSeconds(2));
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < 4; i++) {
            ids.add(ask(OnDisconnect.CANCEL, 120));
            say(ids.getLast(), "edge-1", 1, LONG_MS);
        }
        ids.forEach(id -> harness.reached(id, 5));
        worker("worker-2", Duration.ofSeconds(2));
        var others = List.of(ask(OnDisconnect.CONTINUE, 1), ask(OnDisconnect.CONTINUE, 1));
        others.forEach(id -> harness.ended(id).whole());
        await().atMost(WorkerHarness.PATIENCE)
                .untilAsserted(() -> assertThat(claims()).contains("worker-1", "worker-2"));
        ids.forEach(id -> assertThat(harness.log(id).ended()).isFalse());

        ids.forEach(id -> say(id, "edge-1", 0, 0));

        ids.forEach(this::assertDeserted);
        ids.forEach(id -> assertThat(harness.log(id).lastAttempt()).isEqualTo(1));
        harness.awaitAllCommitted();
    }

    private List<String> claims() {
        return harness.commands().stream()
                .filter(Command.Claim.class::isInstance)
                .map(command -> ((Command.Claim) command).worker())
                .toList();
    }
}
