package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Partitions change hands in good order, and no stream notices. */
@RunsOnKafka
class HandoverIT {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    private IngestWorker worker(String id) {
        var config =
                harness.config(
                        id, WorkerHarness.provider(simulator.baseUrl(), WorkerHarness.patient()));
        return harness.start(config.withTimings(config.timings().withDrain(DRAIN)));
    }

    /* About so many seconds of text. */
    private List<StreamId> streams(int count, int seconds) {
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < count; i++) {
            var tokens = Integer.toString(seconds * 50);
            ids.add(harness.ask("sim-long", "sim_token_ms", "20", "sim_tokens", tokens));
        }
        ids.forEach(id -> harness.reached(id, 5));
        return ids;
    }

    /* By its first writer; whoever owns its partition by then fences what has ended. */
    private void assertUndisturbed(List<StreamId> ids) {
        assertComplete(ids);
        for (var id : ids) {
            assertThat(harness.log(id).lastAttempt()).isEqualTo(1);
        }
    }

    /* A start that nobody owned for a moment may have been begun: it is fenced to be sure. */
    private void assertComplete(List<StreamId> ids) {
        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
            await().atMost(WorkerHarness.PATIENCE)
                    .untilAsserted(() -> assertThat(harness.done(id)).isNotEmpty());
        }
    }

    @Test
    void streamsGoOnWhenTheirPartitionIsGivenToAnother() {
        worker("worker-1");
        var before = streams(6, 8);

        worker("worker-2");
        var after = streams(6, 1);

        assertComplete(after);
        assertUndisturbed(before);
        harness.awaitAllCommitted();
    }

    @Test
    void streamsGoOnWhileTheirWorkerLeaves() {
        var first = worker("worker-1");
        var before = streams(6, 6);
        worker("worker-2");
        var closing = CompletableFuture.runAsync(first::close);
        var after = streams(6, 1);

        assertComplete(after);
        assertUndisturbed(before);
        assertThat(closing).succeedsWithin(WorkerHarness.PATIENCE);
        harness.awaitAllCommitted();
    }

    @Test
    void aPartitionComesBackWhileItsStreamsAreStillLetGo() {
        worker("worker-1");
        var before = streams(6, 10);
        var second = worker("worker-2");
        streams(2, 1).forEach(id -> harness.ended(id).whole());
        second.close();

        assertComplete(streams(4, 1));
        assertUndisturbed(before);
        harness.awaitAllCommitted();
    }

    @Test
    void aCancelReachesWhoeverWritesTheStream() {
        worker("worker-1");
        var ids = streams(4, 60);
        worker("worker-2");
        streams(2, 1).forEach(id -> harness.ended(id).whole());

        ids.forEach(harness::cancel);

        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.completed().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(log.lastAttempt()).isEqualTo(1);
        }
        harness.awaitAllCommitted();
    }

    @Test
    void streamsAreTakenOverWhenTheirWorkerDiesWhileItLeaves() {
        var first = worker("worker-1");
        var ids = streams(4, 60);
        worker("worker-2");
        var closing = CompletableFuture.runAsync(first::close);
        streams(4, 1).forEach(id -> harness.ended(id).whole());

        first.kill();

        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.failed().code()).isEqualTo("aborted");
            assertThat(log.lastAttempt()).isEqualTo(2);
            assertThat(log.fences()).isEqualTo(1);
        }
        assertThat(closing).succeedsWithin(WorkerHarness.PATIENCE);
        harness.awaitAllCommitted();
    }

    /* As one that a worker sent before it was stopped, and that lands when it has lost its partition. */
    @Test
    void aClaimThatComesLateEndsNoStream() {
        worker("worker-1");
        var before = streams(6, 8);

        claimAll("zombie");
        var after = streams(6, 1);

        assertComplete(after);
        assertUndisturbed(before);
        harness.awaitAllCommitted();
    }

    private void claimAll(String worker) {
        for (int partition = 0; partition < WorkerHarness.PARTITIONS; partition++) {
            harness.send(new Command.Claim(partition, 0, worker));
        }
    }

    /* Its terminal may have been cut off by the fence of whoever claimed the partition after it. */
    @Test
    void aStreamThatOnlyAZombieCallsDoneIsTakenOver() {
        worker("worker-1").close();
        var id = harness.ask("sim-answer");
        claimAll("worker-2");
        harness.send(new Command.Done(id, 0, "worker-1", Attempt.first(0), 3));

        worker("worker-3");

        assertThat(harness.ended(id).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        harness.awaitAllCommitted();
    }
}
