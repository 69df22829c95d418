package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.FaultProxy;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The page, in a real browser whose own {@code EventSource} loses its connection. */
@HasOwnKafka(because = "the node under test starts it")
class BrowserIT {
    @TempDir private Path data;
    @TempDir private Path profile;

    @BeforeAll
    static void letExceptionsBe() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @Test
    void aRealEventSourceResumesByItselfAndShowsEachCharacterOnce() throws Exception {
        var chromium = Chromium.executable();
        if (chromium.isEmpty()) {
            System.out.println("SKIPPED: BrowserIT needs Chromium: apt-get install chromium");
        }
        assumeTrue(chromium.isPresent(), "no Chromium");
        var stack = new ShutdownStack();
        try (stack) {
            var edge = StandaloneNode.start(settings(), stack).addEdge(0);
            var proxy = stack.push("proxy", FaultProxy.start(edge.getHost(), edge.getPort()));
            var seenBy = "http://127.0.0.1:" + proxy.port() + "/";
            var page =
                    stack.push(
                            "browser", Chromium.open(chromium.get(), profile, URI.create(seenBy)));

            type(page, "Count the tides.");
            for (int cut = 1; cut <= 3; cut++) {
                awaitSequences(page, cut * 15);
                proxy.cutAll(FaultProxy.Cut.RESET);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> page.evaluate("window.tidemark.state").asText().equals("done"));

            assertEachEventOnce(page.evaluate("window.tidemark"), edge);
            assertThat(page.evaluate("document.querySelector('#text').textContent").asText())
                    .isEqualTo(page.evaluate("window.tidemark.text").asText());
        }
    }

    private static void type(Chromium page, String prompt) throws InterruptedException {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> page.evaluate("!!document.querySelector('#send')").asBoolean());
        page.evaluate("document.querySelector('#model').value = 'sim-unicode'");
        page.evaluate("document.querySelector('#prompt').value = '" + prompt + "'");
        page.evaluate("document.querySelector('#send').click()");
    }

    private static void awaitSequences(Chromium page, int atLeast) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> page.evaluate("window.tidemark.sequences.length").asInt() >= atLeast);
    }

    private static void assertEachEventOnce(JsonNode page, URI edge) throws Exception {
        var sequences = page.path("sequences").valueStream().map(JsonNode::asInt).toList();
        assertThat(sequences).isEqualTo(IntStream.range(0, sequences.size()).boxed().toList());
        try (var client = new TidemarkClient(edge)) {
            var id = page.path("requestId").asText();
            var text = new StringBuilder();
            for (var part :
                    client.response(id, sequences.size() - 1L).path("items").findValues("text")) {
                text.append(part.asText());
            }
            assertThat(page.path("text").asText()).isNotEmpty().isEqualTo(text.toString());
        }
    }

    private Settings settings() {
        return SettingsLoader.load(
                null,
                Map.of(),
                List.of(
                        "data-dir=" + data,
                        "simulator.first-token=100ms",
                        "simulator.token-interval=40ms"));
    }
}
