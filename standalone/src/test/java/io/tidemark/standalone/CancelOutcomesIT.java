package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What a cancel that waits is told, whatever becomes of the worker; two edges, a worker apart. */
@RunsOnKafka
class CancelOutcomesIT {
    private static final String DIALECT = "openai.responses";
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final ShutdownStack STACK = new ShutdownStack();
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static ProviderSimulator simulator;
    private static List<String> workerSettings;
    private static TidemarkClient first;
    private static TidemarkClient second;
    private @Nullable SystemProcess worker;

    @BeforeAll
    static void start(TestKafka kafka, @TempDir Path data) {
        simulator =
                STACK.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        var provider = "providers.openai.base-url=" + simulator.baseUrl();
        var servers = kafka.bootstrapServers();
        var prefix = "topics.prefix=" + kafka.prefix("cancels");
        var settings =
                SettingsLoader.load(null, Map.of(), List.of("data-dir=" + data, prefix, provider));
        workerSettings =
                List.of(
                        "kafka.bootstrap-servers=" + servers,
                        prefix,
                        provider,
                        "ingest.worker-id=one");
        var roles = new Roles(settings, servers);
        var projector = roles.projector(STACK, "one", 0);
        Roles.awaitReady(projector);
        var providers = Providers.of(settings);
        first = client(roles, providers, projector.address());
        second = client(roles, providers, projector.address());
    }

    private static TidemarkClient client(Roles roles, Providers providers, URI projector) {
        var edge = roles.edge(STACK, providers, List.of(projector), 0);
        return STACK.push("client", new TidemarkClient(edge));
    }

    @AfterAll
    static void stop() {
        STACK.close();
        THREADS.close();
    }

    @AfterEach
    void stopWorker() {
        if (worker != null) {
            worker.close();
        }
    }

    private SystemProcess startWorker() throws Exception {
        var started = SystemProcess.start("ingest", workerSettings);
        worker = started;
        return started;
    }

    private static ObjectNode slow() {
        return TestSystem.request(
                "sim-long", Map.of("sim_ttft_ms", "0", "sim_token_ms", "50", "sim_tokens", "4000"));
    }

    private static String cancel(TidemarkClient edge, String id, Duration longest)
            throws IOException, InterruptedException {
        return edge.cancel(id, longest).path("outcome").asText();
    }

    private static List<ReceivedEvent> cancelledOnce(TidemarkClient edge, String id)
            throws IOException, InterruptedException {
        var events = Followed.whole(edge, id);
        assertThat(events.stream().filter(ReceivedEvent::terminal)).hasSize(1);
        assertThat(TextAssembly.json(events.getLast()).path("outcome").asText())
                .isEqualTo("cancelled");
        return events;
    }

    @Test
    void oneThatComesBeforeTheStartWasReadIsUnconfirmedAndHonouredLater() throws Exception {
        int asked = simulator.requests().size();
        var id = first.start(DIALECT, slow());

        assertThat(cancel(second, id, Duration.ofMillis(300))).isEqualTo("unconfirmed");

        startWorker();
        assertThat(cancelledOnce(first, id)).hasSize(2);
        assertThat(simulator.requests()).hasSize(asked);
        assertThat(cancel(second, id, LONG)).isEqualTo("already_terminal");
    }

    @Test
    void oneThatComesWhileAnAttemptIsWaitedForIsConfirmed() throws Exception {
        startWorker();
        int asked = simulator.requests().size();
        var id =
                first.start(
                        DIALECT,
                        TestSystem.request(
                                "sim-answer",
                                Map.of(
                                        "sim_fail_first", "1",
                                        "sim_status", "429",
                                        "sim_retry_after", "25")));
        Followed.follow(first, id, new TextAssembly(), 2);

        assertThat(cancel(second, id, Duration.ofSeconds(10))).isEqualTo("confirmed");

        cancelledOnce(first, id);
        assertThat(simulator.requests()).hasSize(asked + 1);
    }

    @Test
    void oneThatComesWhileNobodyOwnsTheStreamIsConfirmedByWhoTakesItOver() throws Exception {
        var killed = startWorker();
        var id = first.start(DIALECT, slow());
        Followed.follow(first, id, new TextAssembly(), 10);
        killed.kill();

        var told = THREADS.submit(() -> cancel(second, id, LONG));
        startWorker();

        assertThat(told.get()).isEqualTo("confirmed");
        cancelledOnce(first, id);
    }

    @Test
    void oneThatComesAfterTheEndChangesNothingAtAnyEdge() throws Exception {
        startWorker();
        var id = first.start(DIALECT, TestSystem.request("sim-answer", Map.of()));
        var events = Followed.whole(first, id);

        assertThat(cancel(first, id, LONG)).isEqualTo("already_terminal");
        assertThat(cancel(second, id, LONG)).isEqualTo("already_terminal");

        assertThat(second.cancel(id).path("outcome").asText()).isEqualTo("already_terminal");
        assertThat(Followed.whole(second, id)).isEqualTo(events);
    }

    @Test
    void twoFromTwoEdgesEndTheStreamOnce() throws Exception {
        startWorker();
        var id = first.start(DIALECT, slow());
        Followed.follow(first, id, new TextAssembly(), 10);
        List<Callable<String>> both =
                List.of(() -> cancel(first, id, LONG), () -> cancel(second, id, LONG));

        var outcomes = THREADS.invokeAll(both);

        for (var outcome : outcomes) {
            assertThat(outcome.get()).isIn("confirmed", "already_terminal");
        }
        assertThat(cancelledOnce(first, id)).isEqualTo(cancelledOnce(second, id));
    }
}
