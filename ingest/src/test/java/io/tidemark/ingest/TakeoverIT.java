package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;

/** Workers stop, die and come back; streams have one start, one end, and nothing twice. */
@RunsOnKafka
class TakeoverIT {
    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    private StreamId longStream() {
        return harness.ask("sim-long", "sim_token_ms", "15", "sim_tokens", "4000");
    }

    @Test
    void endsWhatAKilledWorkerLeftOpen() {
        var first = harness.start(simulator.baseUrl());
        var finished = harness.ask("sim-answer");
        harness.ended(finished);
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < 10; i++) {
            ids.add(longStream());
        }
        ids.forEach(id -> harness.reached(id, 20));
        var before = harness.log(finished).events().size();

        first.kill();
        harness.start(simulator.baseUrl());

        for (var id : ids) {
            var log = harness.ended(id).whole();
            assertThat(log.failed().code()).isEqualTo("aborted");
            assertThat(log.failed().retryable()).isTrue();
            assertThat(log.failed().partial()).isTrue();
            assertThat(log.fences()).isEqualTo(1);
            assertThat(log.lastAttempt()).isEqualTo(2);
            assertThat(sumOfText(log).bytes())
                    .isEqualTo(log.text().getBytes(StandardCharsets.UTF_8).length);
        }
        harness.awaitAllCommitted();
        assertThat(harness.log(finished).events()).hasSize(before);
        assertThat(harness.log(finished).fences()).isZero();
    }

    /* All that is left of it among the commands is a lease. */
    @Test
    void endsAStreamWhoseStartHasExpired() {
        var first = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 20);
        harness.awaitLease(id);
        first.kill();
        harness.expireCommands(id);

        harness.start(simulator.baseUrl());

        var log = harness.ended(id).whole();
        assertThat(log.failed().code()).isEqualTo("aborted");
        assertThat(log.failed().partial()).isTrue();
        assertThat(log.lastAttempt()).isEqualTo(2);
        harness.awaitAllCommitted();
        assertThat(harness.done(id)).hasSize(1);
        assertThat(harness.counted(IngestMetrics.COMMANDS_EXPIRED)).isPositive();
        assertThat(harness.ended(harness.ask("sim-answer")).whole().lastAttempt()).isEqualTo(1);
    }

    private static ContentCompleted sumOfText(StreamLog log) {
        return log.events().stream()
                .map(StreamEvent::body)
                .filter(ContentCompleted.class::isInstance)
                .map(ContentCompleted.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @Test
    void retriesWhatHadNotBegunToSpeak() throws Exception {
        var first = harness.start(simulator.baseUrl());
        var silent =
                harness.ask(
                        "sim-unicode",
                        "sim_fault",
                        "stall",
                        "sim_fault_after_bytes",
                        "-1",
                        "sim_fault_times",
                        "1");
        harness.reached(silent, 0);
        simulator.awaitRequest(
                request -> request.model().equals("sim-unicode"), Duration.ofSeconds(10));

        first.kill();
        var unseen = harness.ask("sim-answer");
        harness.start(simulator.baseUrl());

        var retried = harness.ended(silent).whole();
        assertThat(retried.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(retried.events().get(1).body())
                .isInstanceOfSatisfying(
                        Status.class,
                        status -> {
                            assertThat(status.status()).isEqualTo(Status.RETRYING);
                            assertThat(status.attempt()).isEqualTo(2);
                        });
        var begun = harness.ended(unseen).whole();
        assertThat(begun.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(begun.events().getFirst().body()).isInstanceOf(Started.class);
        assertThat(harness.counted(IngestMetrics.STREAMS_TAKEN_OVER, "action", "retried"))
                .isEqualTo(2);
        harness.awaitAllCommitted();
    }

    @Test
    void honoursACancelThatTheDeadWorkerDidNotSee() {
        var first = harness.start(simulator.baseUrl());
        var speaking = longStream();
        harness.reached(speaking, 10);
        first.kill();
        var waiting = harness.ask("sim-answer");
        harness.cancel(speaking);
        harness.cancel(waiting);

        harness.start(simulator.baseUrl());

        assertThat(harness.ended(speaking).whole().completed().outcome())
                .isEqualTo(Outcome.CANCELLED);
        assertThat(harness.ended(waiting).whole().completed().outcome())
                .isEqualTo(Outcome.CANCELLED);
        assertThat(harness.log(waiting).events()).hasSize(2);
        harness.awaitAllCommitted();
    }

    @Test
    void letsNobodySeeWhatAZombieWrites() {
        var first = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 10);
        first.kill();
        harness.start(simulator.baseUrl());
        long size = harness.ended(id).whole().events().size();

        for (long sequence = size - 5; sequence < size + 5; sequence++) {
            harness.send(
                    EventRecord.of(
                            harness.topics().events().name(),
                            new StreamEvent(
                                    id,
                                    sequence,
                                    1,
                                    Placement.content(0, 0, null),
                                    new TextDelta("zombie", null)),
                            new Attempt(0, 1),
                            null));
        }

        var log = harness.log(id).whole();
        assertThat(log.events().size()).isEqualTo(size);
        assertThat(log.refused(Verdict.FENCED)).isEqualTo(10);
        assertThat(log.text()).doesNotContain("zombie");
    }

    @Test
    void putsOnRecordAnEndThatWasWrittenBefore() {
        var first = harness.start(simulator.baseUrl());
        var id = harness.ask("sim-answer");
        harness.ended(id);
        harness.awaitAllCommitted();
        first.close();
        /* A start that is asked for again, long after its end: as a worker finds it that died between
         * the terminal and the done record. */
        harness.send(WorkerHarness.startOf(id, "sim-answer"));
        int size = harness.log(id).events().size();

        harness.start(simulator.baseUrl());

        harness.awaitAllCommitted();
        assertThat(harness.log(id).whole().events()).hasSize(size);
        assertThat(harness.done(id)).hasSize(2);
        assertThat(harness.counted(IngestMetrics.STREAMS_TAKEN_OVER, "action", "confirmed"))
                .isEqualTo(1);
    }

    @Test
    void endsItsStreamsWhenItIsClosed() {
        var worker = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 10);

        worker.close();

        var log = harness.log(id).whole();
        assertThat(log.failed().code()).isEqualTo("aborted");
        assertThat(harness.done(id)).hasSize(1);
        harness.start(simulator.baseUrl());
        harness.awaitAllCommitted();
        assertThat(harness.log(id).fences()).isZero();
    }

    @Test
    void letsStreamsRunOnWhileItDrains() {
        var worker =
                harness.start(
                        simulator.baseUrl(),
                        config ->
                                config.withTimings(
                                        config.timings().withDrain(Duration.ofSeconds(20))));
        var id = harness.ask("sim-answer", "sim_ttft_ms", "500");
        harness.reached(id, 0);

        worker.close();

        assertThat(harness.log(id).whole().completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(harness.done(id)).hasSize(1);
    }

    @Test
    void takesABacklogLargerThanItHoldsInSlices() {
        var ids = new ArrayList<StreamId>();
        harness.start(simulator.baseUrl()).close();
        for (int i = 0; i < 30; i++) {
            ids.add(harness.ask("sim-answer"));
        }
        var cancelled = ids.getLast();
        harness.cancel(cancelled);

        harness.start(
                simulator.baseUrl(),
                config ->
                        config.withLimits(
                                new IngestLimits(
                                        3,
                                        config.limits().eventBytesMax(),
                                        config.limits().frameBytesMax(),
                                        1024,
                                        1000,
                                        4,
                                        1,
                                        ResponseLimits.defaults())));

        for (var id : ids) {
            assertThat(harness.ended(id).whole().completed().outcome())
                    .isEqualTo(id.equals(cancelled) ? Outcome.CANCELLED : Outcome.COMPLETE);
            assertThat(harness.log(id).fences()).isEqualTo(1);
        }
        harness.awaitAllCommitted();
    }

    @Test
    void handsPartitionsToASecondWorker() {
        harness.start(simulator.baseUrl());
        var before = new ArrayList<StreamId>();
        for (int i = 0; i < 6; i++) {
            before.add(longStream());
        }
        before.forEach(id -> harness.reached(id, 5));

        harness.start(
                harness.config(
                        "worker-2",
                        WorkerHarness.provider(simulator.baseUrl(), WorkerHarness.patient())));
        var after = new ArrayList<StreamId>();
        for (int i = 0; i < 10; i++) {
            after.add(harness.ask("sim-answer"));
        }

        after.forEach(id ->
                assertThat(harness.ended(id).whole().completed().outcome())
                        .isEqualTo(Outcome.COMPLETE));
        before.forEach(harness::cancel);
        before.forEach(id -> harness.ended(id).whole());
        harness.awaitAllCommitted();
    }

    @Test
    void yieldsToANewWorkerOfTheSameId() {
        var old = harness.start(simulator.baseUrl());
        var id = longStream();
        harness.reached(id, 10);

        harness.start(simulator.baseUrl());

        assertThat(old.stopped()).failsWithin(WorkerHarness.PATIENCE);
        assertThat(harness.ended(id).whole().failed().code()).isEqualTo("aborted");
        assertThat(harness.log(id).lastAttempt()).isEqualTo(2);
        assertThat(harness.ended(harness.ask("sim-answer")).whole().lastAttempt()).isEqualTo(1);
        harness.awaitAllCommitted();
    }
}
