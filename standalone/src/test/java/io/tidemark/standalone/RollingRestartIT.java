package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Three workers are restarted one after the other while 200 streams are in flight at any time. */
@RunsOnKafka
class RollingRestartIT {
    private static final int STREAMS = 200;
    private static final int WORKERS = 3;
    private static final Duration STOP_MAX = Duration.ofMinutes(1);

    private final List<SystemProcess> workers = new ArrayList<>();
    private volatile boolean restarted;

    @Test
    void noStreamNoticesThatEveryWorkerIsRestarted(TestKafka kafka) throws Exception {
        var stack = new ShutdownStack();
        try {
            var simulator =
                    stack.push(
                            "simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
            var servers =
                    List.of(
                            "kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                            "topics.prefix=" + kafka.prefix("rolling"));
            for (int i = 0; i < WORKERS; i++) {
                workers.add(worker(i, servers, simulator, stack));
            }
            var edge = SystemProcess.start("edge", and(servers, "edge.port=0"));
            stack.push("edge", edge);
            var client = stack.push("client", new TidemarkClient(edge.address()));

            var ended = restartUnderLoad(client, servers, simulator, stack);

            System.out.println("rolling restart: " + ended.size() + " streams, none disturbed");
            assertThat(ended).hasSizeGreaterThan(STREAMS).containsOnly("complete");
        } finally {
            stack.close();
        }
    }

    private List<String> restartUnderLoad(
            TidemarkClient client,
            List<String> servers,
            ProviderSimulator simulator,
            ShutdownStack stack)
            throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<List<String>>>();
            for (int i = 0; i < STREAMS; i++) {
                readers.add(threads.submit(() -> followUntilRestarted(client)));
            }
            for (int i = 0; i < WORKERS; i++) {
                assertThat(workers.get(i).stop(STOP_MAX)).isZero();
                worker(i, servers, simulator, stack);
            }
            restarted = true;
            return joined(readers);
        }
    }

    private static List<String> joined(List<Future<List<String>>> readers)
            throws InterruptedException, ExecutionException {
        var all = new ArrayList<String>();
        for (var reader : readers) {
            all.addAll(reader.get());
        }
        return all;
    }

    private static SystemProcess worker(
            int number, List<String> servers, ProviderSimulator simulator, ShutdownStack stack)
            throws IOException, InterruptedException {
        var worker =
                SystemProcess.start(
                        "ingest",
                        and(
                                servers,
                                "ingest.worker-id=worker-" + number,
                                "providers.openai.attempts-max=1",
                                "providers.openai.streams-max=" + STREAMS,
                                "providers.openai.base-url=" + simulator.baseUrl()));
        return stack.push("worker " + number, worker);
    }

    private static List<String> and(List<String> settings, String... more) {
        var all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return all;
    }

    /* One stream after the other, each of about eight seconds; what became of each. */
    private List<String> followUntilRestarted(TidemarkClient client) throws Exception {
        var outcomes = new ArrayList<String>();
        while (!restarted) {
            var id = client.start("openai.responses", request());
            var end = Followed.whole(client, id).getLast();
            var json = TextAssembly.json(end);
            outcomes.add(json.path("outcome").asText(end.type() + " " + json.path("code")));
        }
        return outcomes;
    }

    private static ObjectNode request() {
        return TestSystem.request(
                "sim-long", Map.of("sim_ttft_ms", "0", "sim_token_ms", "200", "sim_tokens", "40"));
    }
}
