package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Providers that send too slowly, too much in one piece, for ever, or too many things: each stream
 * ends once, says why, and is held within the limits that settings name.
 */
@HasOwnKafka(because = "the node under test starts it")
class UnrulyProviderIT {
    private static final int FRAME_BYTES_MAX = 1 << 20;
    private static final int ITEMS_MAX = 100;

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static TidemarkClient edge;

    @BeforeAll
    static void start() {
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of(),
                        List.of(
                                "data-dir=" + data,
                                "simulator.first-token=0ms",
                                "simulator.token-interval=0ms",
                                "ingest.frame-bytes-max=" + FRAME_BYTES_MAX,
                                "ingest.items-max=" + ITEMS_MAX,
                                "providers.openai.total-timeout=6s",
                                "providers.openai.attempts-max=1",
                                "providers.anthropic.total-timeout=6s",
                                "providers.anthropic.attempts-max=1",
                                "providers.gemini.total-timeout=6s",
                                "providers.gemini.attempts-max=1"));
        edge = new TidemarkClient(StandaloneNode.start(settings, STACK).addEdge(0));
        STACK.push("client", edge);
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void oneByteASecondEndsAtTheTotalTimeWhateverTheApi() throws Exception {
        var failures = failuresOfEveryApi(Map.of("sim_fault", "drip"));

        assertThat(failures)
                .allSatisfy(failed -> {
                    assertThat(failed.path("code").asText()).isEqualTo("deadline_exceeded");
                    assertThat(failed.path("message").asText()).contains("PT6S");
                });
    }

    @Test
    void aStreamWithoutAnEndEndsAtTheTotalTimeWhateverTheApi() throws Exception {
        var failures = failuresOfEveryApi(Map.of("sim_fault", "endless", "sim_token_ms", "5"));

        assertThat(failures)
                .allSatisfy(failed -> {
                    assertThat(failed.path("code").asText()).isEqualTo("deadline_exceeded");
                    assertThat(failed.path("partial").asBoolean()).isTrue();
                });
    }

    @ParameterizedTest
    @EnumSource
    void aHundredMegabytesInOnePieceEndAtTheLimit(RecordedApi api) throws Exception {
        var failed = failureOf(api, Map.of("sim_fault", "huge"));

        assertThat(failed.path("code").asText()).isEqualTo("protocol_error");
        assertThat(failed.path("message").asText()).contains(Integer.toString(FRAME_BYTES_MAX));
    }

    @ParameterizedTest
    @EnumSource(names = "TRANSCRIPTIONS", mode = EnumSource.Mode.EXCLUDE)
    void tenThousandItemsEndAtTheLimit(RecordedApi api) throws Exception {
        var failed = failureOf(api, Map.of("sim_fault", "items"));

        assertThat(failed.path("code").asText()).isEqualTo("protocol_error");
        assertThat(failed.path("message").asText()).contains("more than " + ITEMS_MAX);
    }

    /* At the same time: each of them lasts for as long as it may. */
    private static List<JsonNode> failuresOfEveryApi(Map<String, String> directives)
            throws Exception {
        try (var followers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    Stream.of(RecordedApi.values())
                            .map(api -> followers.submit(() -> failureOf(api, directives)))
                            .toList();
            var failures = new ArrayList<JsonNode>();
            for (var failure : running) {
                failures.add(failure.get());
            }
            return failures;
        }
    }

    private static JsonNode failureOf(RecordedApi api, Map<String, String> directives)
            throws IOException, InterruptedException {
        var id = edge.start(api.api(), api.request("sim-answer", directives));
        var last = Followed.whole(edge, id).getLast();
        assertThat(last.type()).as("%s", last.data()).isEqualTo("stream.failed");
        return json(last);
    }

    private static JsonNode json(ReceivedEvent event) {
        return TextAssembly.json(event);
    }
}
