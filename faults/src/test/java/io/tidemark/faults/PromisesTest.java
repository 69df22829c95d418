package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.faults.Faults.Happened;
import io.tidemark.faults.Target.Role;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/** Times are seconds after the beginning of all time. */
class PromisesTest {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 0);
    private static final int TOKENS = 7;
    private static final Completed COMPLETE = completed(Outcome.COMPLETE, "stop");
    private static final Completed CANCELLED = completed(Outcome.CANCELLED, "cancelled");
    private static final Completed DISCONNECTED = completed(Outcome.CANCELLED, "disconnected");
    private static final Failed ABORTED = Failed.of(ErrorCode.ABORTED, "Stopped.", true);
    private static final Status NAMED =
            new Status(Status.IN_PROGRESS, "resp_1", null, null, null, null, null, null, null);

    private final LoggedStream stream = new LoggedStream();
    private boolean forReaders;
    private boolean background;
    private @Nullable Instant cancelledAt;
    private Duration absent = Duration.ofSeconds(1);

    @Test
    void aWholeStreamBreaksNone() {
        log(10, said(ProviderSimulator.longAnswer(TOKENS)), COMPLETE);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aTextThatLacksATokenIsNotWhatTheProviderSaid() {
        log(10, said(ProviderSimulator.longAnswer(TOKENS - 1)), COMPLETE);

        assertThat(broken()).containsExactly("the text is not what the provider said");
    }

    @Test
    void aCancelThatWasAcknowledgedEndsTheStreamInTime() {
        cancelledAt = Instant.ofEpochSecond(100);
        log(116, ABORTED);

        assertThat(broken()).singleElement().asString().contains("cancelled at", "aborted");
    }

    @Test
    void aStreamThatWasCancelledHoweverLateBreaksNone() {
        cancelledAt = Instant.ofEpochSecond(100);
        log(200, CANCELLED);
        assertThat(broken()).isEmpty();
    }

    @Test
    void anEndThatCameWhileTheCancelWasOnItsWayBreaksNone() {
        cancelledAt = Instant.ofEpochSecond(100);
        log(114, ABORTED);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aCancelWaitsForWhoeverTakesTheStreamOver() {
        cancelledAt = Instant.ofEpochSecond(100);
        var death = happened(Role.WORKER, 105, 120);
        var another = happened(Role.BROKER, 130, 140);
        log(150, ABORTED);

        assertThat(broken(death, another)).isEmpty();
        assertThat(broken(death)).hasSize(1);
        assertThat(broken(happened(Role.EDGE, 99, 149))).hasSize(1);
    }

    @Test
    void noStreamEndsForWantOfAReaderThatKeptComingBack() {
        forReaders = true;
        log(10, DISCONNECTED);

        assertThat(broken()).singleElement().asString().contains("for want of readers");
        absent = StreamShape.DISCONNECT_GRACE;
        assertThat(broken()).isEmpty();
        forReaders = false;
        assertThat(broken()).hasSize(1);
    }

    @Test
    void whatTheProviderGoesOnWithIsNotAborted() {
        background = true;
        log(10, NAMED, ABORTED);

        assertThat(broken()).singleElement().asString().contains("was aborted");
    }

    @Test
    void whatCannotBeReadAgainMayBe() {
        log(10, NAMED, ABORTED);
        assertThat(broken()).isEmpty();
    }

    @Test
    void aResponseThatHadNoNameYetMayBeAborted() {
        background = true;
        log(10, ABORTED);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aClientThatHoldsSomethingElseOrGaveUpWasPromisedMore() {
        log(10, said(ProviderSimulator.longAnswer(TOKENS)), COMPLETE);
        var all = stream.events();

        assertThat(broken(held(true, all.subList(1, all.size()))))
                .containsExactly("does not hold what the log has");
        assertThat(broken(held(false, all))).singleElement().asString().startsWith("gave up");
    }

    private void log(long seconds, EventBody... bodies) {
        long sequence = 0;
        var started = new Started("openai", "m", null, null, 1, null, null, null, null);
        stream.add(LoggedEvents.event(ID, sequence++, 1, started), seconds * 1000);
        for (var body : bodies) {
            stream.add(LoggedEvents.event(ID, sequence++, 1, body), seconds * 1000);
        }
    }

    private List<String> broken(Happened... faults) {
        return broken(held(true, stream.events()), faults);
    }

    private List<String> broken(Held held, Happened... faults) {
        return Promises.broken(held, stream, List.of(faults)).stream()
                .map(it -> it.substring(("client of " + ID + ": ").length()))
                .toList();
    }

    private Held held(boolean ended, List<Long> events) {
        var shape =
                new StreamShape(Duration.ZERO, TOKENS, Duration.ZERO, null, forReaders, background);
        return new Held(
                shape,
                Instant.EPOCH,
                ID.toString(),
                ended,
                events,
                1,
                List.of(),
                cancelledAt,
                absent);
    }

    private static Happened happened(Role role, long from, long to) {
        return new Happened(
                new Fault.Killed(new Target(role, 0), Duration.ZERO),
                Instant.ofEpochSecond(from),
                Instant.ofEpochSecond(to));
    }

    private static ContentCompleted said(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ContentCompleted(
                Lane.TEXT, null, null, bytes.length, Digest.sha256(bytes), null);
    }

    private static Completed completed(Outcome outcome, String finishReason) {
        return new Completed(outcome, finishReason, null, null, null, null, null);
    }
}
