package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.devkit.SimulatedFault;
import io.tidemark.ingest.RouteConfig.Target;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of a stream whose provider fails before it has said anything. */
@RunsOnKafka
class RetriesIT {
    private static final Resilience QUICK =
            new Resilience(
                    3,
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofSeconds(60),
                    5,
                    1,
                    new Resilience.Breaker(100, 100, Duration.ofMinutes(1)));

    @AutoClose private final WorkerHarness harness = new WorkerHarness();
    private final ProviderSimulator simulator = harness.simulator();

    @Test
    void asksAgainUntilTheProviderAnswers() {
        worker(QUICK);

        var id = harness.ask("sim-answer", failing(2, "503", "0"));

        var log = harness.ended(id).whole();
        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(log.text()).isNotEmpty();
        assertThat(retries(log)).extracting(Status::attempt).containsExactly(2, 3);
        assertThat(retries(log))
                .extracting(Status::detail)
                .containsExactly("provider_overloaded", "provider_overloaded");
        assertThat(simulator.requests()).hasSize(3);
        assertThat(fold(log).response().orElseThrow().attempts()).isEqualTo(3);
        harness.awaitAllCommitted();
    }

    @Test
    void waitsAsLongAsTheProviderAsks() {
        worker(QUICK);

        var log = harness.ended(harness.ask("sim-answer", failing(1, "429", "1"))).whole();

        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        long announced = at(log, Status.RETRYING);
        assertThat(at(log, Status.ACCEPTED) - announced).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void givesUpWhenTheAttemptsAreUsedUp() {
        worker(QUICK);

        var failed =
                harness.ended(harness.ask("sim-answer", failing(9, "503", "0"))).whole().failed();

        assertThat(failed.code()).isEqualTo("provider_overloaded");
        assertThat(failed.retryable()).isTrue();
        assertThat(failed.partial()).isFalse();
        assertThat(failed.httpStatus()).isEqualTo(503);
        assertThat(failed.providerRequestId()).isNotBlank();
        assertThat(simulator.requests()).hasSize(3);
    }

    @Test
    void doesNotAskAgainOnceSomethingWasSaid() {
        worker(QUICK);

        var id = harness.ask("sim-long", "sim_fault", "reset", "sim_fault_after_bytes", "3000");

        var failed = harness.ended(id).whole().failed();
        assertThat(failed.code()).isEqualTo("connection_lost");
        assertThat(failed.partial()).isTrue();
        assertThat(simulator.requests()).hasSize(1);
    }

    @Test
    void doesNotAskAgainForWhatIsWrongWithTheRequest() {
        worker(QUICK);

        var log = harness.ended(harness.ask("sim-answer", failing(1, "400", "0"))).whole();

        assertThat(log.failed().code()).isEqualTo("invalid_request");
        assertThat(simulator.requests()).hasSize(1);
    }

    @Test
    void isCancelledWhileItWaits() {
        worker(QUICK);
        var id = harness.ask("sim-answer", failing(1, "429", "50"));
        harness.reached(id, 1);

        harness.cancel(id);

        assertThat(harness.ended(id).whole().completed().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(simulator.requests()).hasSize(1);
    }

    @Test
    void fallsBackOnAnotherProviderOfTheRoute() {
        try (var broken = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT)) {
            broken.failNext(new SimulatedFault.Status(500, Optional.empty()), 100);
            harness.start(
                    routed(
                            provider("openai", broken.baseUrl(), QUICK.withAttemptsMax(2)),
                            provider("backup", simulator.baseUrl(), QUICK)));
            var id = harness.mint();
            harness.send(routed(WorkerHarness.startOf(id, "fast")));

            var log = harness.ended(id).whole();

            assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(retries(log)).extracting(Status::attempt).containsExactly(2, 3);
            assertThat(retries(log)).extracting(Status::provider).containsExactly(null, "backup");
            assertThat(retries(log).getLast().model()).isEqualTo("sim-answer");
            var response = fold(log).response().orElseThrow();
            assertThat(response.provider()).isEqualTo("backup");
            assertThat(response.requestedModel()).isEqualTo("fast");
            assertThat(broken.requests()).hasSize(2);
            assertThat(simulator.requests()).hasSize(1);
            assertThat(simulator.requests().getFirst().model()).isEqualTo("sim-answer");
        }
    }

    @Test
    void leavesAProviderAloneThatKeepsFailing() {
        simulator.failNext(new SimulatedFault.Status(500, Optional.empty()), 100);
        worker(
                new Resilience(
                        1,
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(60),
                        5,
                        1,
                        new Resilience.Breaker(2, 50, Duration.ofMinutes(5))));
        harness.ended(harness.ask("sim-answer")).whole().failed();
        harness.ended(harness.ask("sim-answer")).whole().failed();

        var failed = harness.ended(harness.ask("sim-answer")).whole().failed();

        assertThat(failed.code()).isEqualTo("provider_overloaded");
        assertThat(failed.message()).contains("suspended");
        assertThat(requireNonNull(failed.retryAfterMs())).isBetween(1L, 300_000L);
        assertThat(simulator.requests()).hasSize(2);
    }

    @Test
    void keepsWhatTheProvidersSupportWillAskFor() {
        worker(QUICK);

        var log = harness.ended(harness.ask("sim-answer")).whole();

        var accepted = statuses(log, Status.ACCEPTED).getFirst();
        assertThat(accepted.providerRequestId()).isNotBlank();
        assertThat(accepted.providerHeaders()).containsKey("x-request-id");
    }

    @Test
    void translatesARequestThatIsInNoDialect() {
        worker(QUICK);
        var id = harness.mint();
        var asked = JsonNodeFactory.instance.objectNode();
        asked.put("model", "sim-answer").put("input", "hi").put("maxOutputTokens", 100);
        harness.send(neutral(WorkerHarness.startOf(id, "sim-answer"), asked));

        var log = harness.ended(id).whole();

        assertThat(log.completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(((Started) log.events().getFirst().body()).api()).isEqualTo("openai.responses");
        assertThat(simulator.requests().getFirst().path()).isEqualTo("/v1/responses");
    }

    @Test
    void saysWhatIsWrongWithARequestThatIsInNoDialect() {
        worker(QUICK);
        var id = harness.mint();
        var asked = JsonNodeFactory.instance.objectNode().put("model", "sim-answer");
        harness.send(neutral(WorkerHarness.startOf(id, "sim-answer"), asked));

        var failed = harness.ended(id).whole().failed();

        assertThat(failed.code()).isEqualTo("invalid_request");
        assertThat(failed.message()).startsWith("request.input");
        assertThat(simulator.requests()).isEmpty();
    }

    private void worker(Resilience resilience) {
        harness.start(
                harness.config("worker-1", provider("openai", simulator.baseUrl(), resilience)));
    }

    private IngestConfig routed(ProviderConfig first, ProviderConfig second) {
        var config = harness.config("worker-1", first);
        return IngestConfig.of(
                        config.kafka(), config.topics(), config.workerId(), List.of(first, second))
                .withTimings(config.timings())
                .withRoutes(
                        List.of(
                                new RouteConfig(
                                        "fast",
                                        List.of(
                                                new Target("openai", null),
                                                new Target("backup", "sim-answer")))));
    }

    private static ProviderConfig provider(String name, String baseUrl, Resilience resilience) {
        return new ProviderConfig(
                name,
                List.of("openai.responses"),
                URI.create(baseUrl),
                new Secret("sk-test-key"),
                Map.of(),
                64,
                WorkerHarness.patient(),
                resilience);
    }

    private static String[] failing(int times, String status, String retryAfter) {
        return new String[] {
            "sim_fail_first",
            Integer.toString(times),
            "sim_series",
            "series",
            "sim_status",
            status,
            "sim_retry_after",
            retryAfter
        };
    }

    private static Command.Start routed(Command.Start start) {
        return new Command.Start(
                start.requestId(),
                start.at(),
                start.api(),
                start.provider(),
                start.model(),
                start.request(),
                start.onDisconnect(),
                null,
                Map.of(),
                null,
                "fast");
    }

    private static Command.Start neutral(Command.Start start, ObjectNode request) {
        return new Command.Start(
                start.requestId(),
                start.at(),
                Command.Start.NEUTRAL,
                start.provider(),
                start.model(),
                request,
                start.onDisconnect(),
                null,
                Map.of(),
                null);
    }

    private static List<Status> retries(StreamLog log) {
        return statuses(log, Status.RETRYING);
    }

    private static List<Status> statuses(StreamLog log, String name) {
        return log.events().stream()
                .map(StreamEvent::body)
                .filter(Status.class::isInstance)
                .map(Status.class::cast)
                .filter(status -> status.status().equals(name))
                .toList();
    }

    private static long at(StreamLog log, String status) {
        return log.events().stream()
                .filter(event -> event.body() instanceof Status it && it.status().equals(status))
                .findFirst()
                .orElseThrow()
                .at();
    }

    private static ResponseFold fold(StreamLog log) {
        var fold = new ResponseFold();
        log.events().forEach(event -> fold.add(1, event));
        return fold;
    }
}
