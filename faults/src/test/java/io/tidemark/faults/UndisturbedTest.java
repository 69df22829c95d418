package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidemark.faults.Faults.Happened;
import io.tidemark.faults.Log.TimedLease;
import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A stream from second 90 to second 110, and a step at second 100. */
class UndisturbedTest {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 0);
    private static final Fault BROKER = new Fault.Restarted(new Target(Role.BROKER, 0));
    private static final Fault WORKER = new Fault.Restarted(new Target(Role.WORKER, 1));
    private static final Completed COMPLETE = completed(Outcome.COMPLETE, "stop");
    private static final Completed CANCELLED = completed(Outcome.CANCELLED, "cancelled");
    private static final Completed DISCONNECTED = completed(Outcome.CANCELLED, "disconnected");

    private final Log log = Log.empty();
    private final List<Held> held = new ArrayList<>();

    @Test
    void aStreamMayEndAsTheProviderHasIt() {
        client(null);
        ends(COMPLETE);

        assertThat(problems(BROKER, 100)).isEmpty();
    }

    @Test
    void aStreamMayBeCancelledByItsOwnClientAlone() {
        client(Duration.ofSeconds(3));
        ends(CANCELLED);
        assertThat(problems(BROKER, 100)).isEmpty();

        held.clear();
        client(null);
        assertThat(problems(BROKER, 100)).containsExactly("ended as cancelled: " + ID);
    }

    @Test
    void noStreamMayFailWhateverTheCode() {
        client(Duration.ofSeconds(3));
        ends(Failed.of(ErrorCode.CONNECTION_LOST, "Lost.", true));

        assertThat(problems(BROKER, 100))
                .containsExactly("ended as failed: connection_lost: " + ID);
        assertThat(findings(BROKER, 100).suspects()).containsExactly(ID);
    }

    @Test
    void onlyAStreamThatNobodyWasToldOfMayEndForWantOfReaders() {
        ends(DISCONNECTED);
        assertThat(problems(BROKER, 100)).isEmpty();

        client(null);
        assertThat(problems(BROKER, 100)).containsExactly("ended as disconnected: " + ID);
    }

    @Test
    void aStepWithoutStreamsHasShownNothing() {
        client(null);
        ends(COMPLETE);

        assertThat(problems(BROKER, 89))
                .containsExactly("no stream was in flight: broker-0 restarted");
        assertThat(problems(BROKER, 111))
                .containsExactly("no stream was in flight: broker-0 restarted");
    }

    @Test
    void aWorkerHasToHaveStreamsOfItsOwn() {
        client(null);
        ends(COMPLETE);
        assertThat(problems(WORKER, 100))
                .containsExactly("no stream was in flight: worker-1 restarted");

        log.leases().add(new TimedLease(99_000, 0, "worker-1", Set.of(ID)));
        assertThat(problems(WORKER, 100)).isEmpty();
    }

    @Test
    void whatGoesOnBehindAFenceCountsForTheStepBeforeIt() {
        client(null);
        var stream = stream();
        stream.add(new EventRecord.Fence(ID, new Attempt(0, 2)), 105_000);
        stream.add(LoggedEvents.event(ID, 1, 2, COMPLETE), 110_000);

        assertThat(undisturbed(BROKER, 100).mended()).containsExactly(entry("broker restarted", 1));
        assertThat(undisturbed(BROKER, 106).mended()).containsExactly(entry("before all", 1));
        assertThat(problems(BROKER, 100)).isEmpty();
    }

    @Test
    void everyStepHasToBeDone() {
        client(null);
        ends(COMPLETE);
        var steps = new Steps(List.of(BROKER, WORKER));
        var done = new Faults.Done(List.of(happened(BROKER, 100)), List.of(), Map.of());

        assertThat(new Undisturbed(steps, held, log, done).findings().problems())
                .containsExactly("was not done: worker-1 restarted");
    }

    private void client(@Nullable Duration cancelAfter) {
        var shape = new StreamShape(Duration.ZERO, 1, Duration.ZERO, cancelAfter, false, false);
        held.add(
                new Held(
                        shape,
                        Instant.EPOCH,
                        ID.toString(),
                        true,
                        List.of(),
                        1,
                        List.of(),
                        null,
                        Duration.ZERO));
    }

    private void ends(EventBody end) {
        stream().add(LoggedEvents.event(ID, 1, 1, end), 110_000);
    }

    private LoggedStream stream() {
        var stream = new LoggedStream();
        var started = new Started("openai", "m", null, null, 1, null, null, null, null);
        stream.add(LoggedEvents.event(ID, 0, 1, started), 90_000);
        log.starts().put(ID, 90_000L);
        log.streams().put(ID, stream);
        return stream;
    }

    private List<String> problems(Fault step, long seconds) {
        return findings(step, seconds).problems();
    }

    private Findings findings(Fault step, long seconds) {
        return undisturbed(step, seconds).findings();
    }

    private Undisturbed undisturbed(Fault step, long seconds) {
        var done = new Faults.Done(List.of(happened(step, seconds)), List.of(), Map.of());
        return new Undisturbed(new Steps(List.of(step)), held, log, done);
    }

    private static Happened happened(Fault fault, long seconds) {
        var at = Instant.ofEpochSecond(seconds);
        return new Happened(fault, at, at.plusSeconds(5));
    }

    private static Completed completed(Outcome outcome, String finishReason) {
        return new Completed(outcome, finishReason, null, null, null, null, null);
    }
}
