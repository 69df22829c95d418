package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.faults.Faults.Happened;
import io.tidemark.faults.Log.TimedLease;
import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord.Fence;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Times are seconds after the beginning of all time. */
class RecoveriesTest {
    private static final Random RANDOM = new Random(1);
    private static final EventBody STARTED =
            new Started("openai", "m", null, null, 1, null, null, null, null);
    private static final Target WORKER = new Target(Role.WORKER, 1);
    private static final Happened DEATH =
            happened(new Fault.Killed(WORKER, Duration.ofSeconds(5)), 100, 107);

    private final Log log = Log.empty();

    @Test
    void aLeasedStreamWaitsForTheFirstEventBehindTheFence() {
        var id = stream(90);
        lease(99, id);
        logged(id).add(LoggedEvents.event(id, 1, 1, STARTED), at(100.5));
        fence(id, 108);
        end(id, 109, 2, 2);

        assertThat(of(DEATH).aloneKilled()).containsExactly(Duration.ofSeconds(9));
        assertThat(of(DEATH).lost()).isEmpty();
    }

    @Test
    void aStreamTooYoungForALeaseCounts() {
        var id = stream(99.5);
        fence(id, 107);
        end(id, 108, 2, 1);

        assertThat(of(DEATH).aloneKilled()).containsExactly(Duration.ofSeconds(8));
    }

    @Test
    void aYoungStreamOfAnotherThatIsFencedMuchLaterDoesNot() {
        var id = stream(99.5);
        log.leases().add(new TimedLease(at(101), 0, "worker-2", Set.of(id)));
        fence(id, 156);
        log.leases().add(new TimedLease(at(156.1), 0, "worker-3", Set.of(id)));
        end(id, 157, 2, 1);

        assertThat(of(DEATH).aloneKilled()).isEmpty();
        assertThat(of(DEATH).lost()).isEmpty();
    }

    @Test
    void whatHadEndedOrIsSomebodyElsesDoesNot() {
        var ended = stream(80);
        lease(98.5, ended);
        end(ended, 99, 1, 1);
        var elsewhere = stream(80);
        log.leases().add(new TimedLease(at(99), 0, "worker-2", Set.of(elsewhere)));

        assertThat(of(DEATH).aloneKilled()).isEmpty();
        assertThat(of(DEATH).lost()).isEmpty();
    }

    @Test
    void whatTheDeadWorkerHadEndedItselfIsNotTakenOver() {
        var id = stream(90);
        lease(99, id);
        end(id, 100.002, 1, 1);

        assertThat(of(DEATH).aloneKilled()).isEmpty();
        assertThat(of(DEATH).lost()).isEmpty();
    }

    @Test
    void aStreamThatNobodyTakesOverIsLost() {
        var id = stream(90);
        lease(99, id);

        assertThat(of(DEATH).lost()).containsExactly(id);
    }

    @Test
    void anotherFaultOfABrokerMeanwhileIsSaid() {
        var id = stream(90);
        lease(99, id);
        fence(id, 112);
        end(id, 113, 2, 1);
        var broker = happened(new Fault.Restarted(new Target(Role.BROKER, 0)), 110, 114);
        var edge = happened(new Fault.Reset(new Target(Role.EDGE, 0)), 110, 110);

        assertThat(of(DEATH, broker).otherKilled()).containsExactly(Duration.ofSeconds(13));
        assertThat(of(DEATH, broker).aloneKilled()).isEmpty();
        assertThat(of(DEATH, edge).aloneKilled()).containsExactly(Duration.ofSeconds(13));
    }

    @Test
    void afterAPauseAnyEventCountsThatWasNotOnTheWay() {
        var id = stream(90);
        lease(99, id);
        logged(id).add(LoggedEvents.event(id, 1, 1, STARTED), at(100.02));
        end(id, 104, 1, 2);
        var pause = happened(new Fault.Paused(WORKER, Duration.ofSeconds(4)), 100, 104);

        assertThat(of(pause).paused()).containsExactly(Duration.ofSeconds(4));
    }

    private Recoveries of(Happened... faults) {
        return Recoveries.of(List.of(faults), log);
    }

    private static Happened happened(Fault fault, double from, double to) {
        return new Happened(fault, Instant.ofEpochMilli(at(from)), Instant.ofEpochMilli(at(to)));
    }

    private static long at(double seconds) {
        return (long) (seconds * 1000);
    }

    /* One that was started at that time, and has its first event. */
    private StreamId stream(double seconds) {
        var id = StreamId.mint(InstantSource.system(), RANDOM, 0);
        var stream = new LoggedStream();
        log.streams().put(id, stream);
        log.starts().put(id, at(seconds));
        stream.add(LoggedEvents.event(id, 0, 1, STARTED), at(seconds));
        return id;
    }

    private LoggedStream logged(StreamId id) {
        return requireNonNull(log.streams().get(id), "stream");
    }

    private void lease(double seconds, StreamId id) {
        log.leases().add(new TimedLease(at(seconds), 0, WORKER.label(), Set.of(id)));
    }

    private void fence(StreamId id, double seconds) {
        logged(id).add(new Fence(id, new Attempt(0, 2)), at(seconds));
    }

    private void end(StreamId id, double seconds, int attempt, long sequence) {
        var end = Failed.of(ErrorCode.ABORTED, "The worker was stopped.", false);
        logged(id).add(LoggedEvents.event(id, sequence, attempt, end), at(seconds));
    }
}
