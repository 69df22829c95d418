package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.faults.Faults.Happened;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class OutcomeTest {
    private static final Instant FROM = Instant.ofEpochSecond(1000);
    private static final StreamShape SHAPE =
            new StreamShape(Duration.ZERO, 1, Duration.ZERO, null, false, false);

    private final List<Happened> faults = new ArrayList<>();
    private final List<Duration> aloneKilled = new ArrayList<>(List.of(Duration.ofSeconds(8)));
    private Set<String> without = Set.of();
    private Findings findings = Findings.none();

    @Test
    void aRunOfWhichNoClientHasAnythingHasFailed() {
        assertThat(problems(List.of())).containsExactly("no client has the whole of its stream");
    }

    @Test
    void aClientThatNeverStartedIsAProblemUnlessKafkaWasAway() {
        assertThat(problems(List.of(notStarted())))
                .contains("1 clients never started a stream, and Kafka was not away");

        faults.add(away(FROM.minusSeconds(90), FROM.plusSeconds(1)));
        assertThat(problems(List.of(notStarted()))).noneMatch(it -> it.contains("never started"));
    }

    @Test
    void kafkaThatWasAwayAtAnotherTimeExcusesNobody() {
        faults.add(away(FROM.minusSeconds(90), FROM.minusSeconds(1)));
        faults.add(away(FROM.plus(Client.START_MAX), FROM.plusSeconds(150)));

        assertThat(problems(List.of(notStarted()))).anyMatch(it -> it.contains("never started"));
    }

    @Test
    void aRunInWhichNoStreamHadToBeTakenOverHasShownNothing() {
        aloneKilled.clear();
        assertThat(problems(List.of()))
                .contains("no stream was in flight on a worker that was killed alone");

        without = Set.of("worker killed");
        assertThat(problems(List.of())).noneMatch(it -> it.contains("killed alone"));
    }

    @Test
    void whatWasFoundBesideFailsTheRunToo() {
        findings =
                new Findings(
                        Map.of(), List.of("seed 1, stream x: wrong"), Set.of(), findings.json());

        assertThat(problems(List.of())).contains("seed 1, stream x: wrong");
    }

    private List<String> problems(List<Held> held) {
        var report = new ObjectMapper().createObjectNode().put("violationsTotal", 0);
        report.putObject("counts").put("pending", 0);
        return new Outcome(
                        without,
                        held,
                        new Faults.Done(faults, List.of(), Map.of()),
                        Log.empty(),
                        new Recoveries(aloneKilled, List.of(), List.of(), List.of()),
                        new Verification(0, report),
                        findings)
                .problems();
    }

    private static Held notStarted() {
        return new Held(SHAPE, FROM, null, false, List.of(), 0, List.of(), null, Duration.ZERO);
    }

    private static Happened away(Instant from, Instant to) {
        return new Happened(new Fault.Away(Duration.between(from, to)), from, to);
    }
}
