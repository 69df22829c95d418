package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.SimulatedRequest;
import io.tidemark.devkit.SimulatedRequest.Ending;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What becomes of a stream whose readers go away, from two edges. */
@HasOwnKafka(because = "the node under test starts it")
class DisconnectIT {
    private static final String DIALECT = "openai.responses";
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int TOKEN_MS = 20;

    private static String servers;
    private static TestSystem system;
    private static TidemarkClient first;
    private static TidemarkClient second;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        servers = "kafka.bootstrap-servers=127.0.0.1:" + FreePort.find();
        system =
                new TestSystem(data, servers, "ingest.disconnect-grace=" + GRACE.toMillis() + "ms");
        first = system.client();
        second = system.client();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    private static ObjectNode lasting(Duration time) {
        return TestSystem.request(
                "sim-long",
                Map.of(
                        "sim_ttft_ms", "0",
                        "sim_token_ms", Integer.toString(TOKEN_MS),
                        "sim_tokens", Long.toString(time.toMillis() / TOKEN_MS)));
    }

    private static SimulatedRequest open() throws Exception {
        return system.simulator().awaitRequest(request -> !request.ended(), Duration.ofSeconds(10));
    }

    private static String end(TextAssembly assembly, String field) {
        return TextAssembly.json(assembly.events().getLast()).path(field).asText();
    }

    @Test
    void aStreamGoesOnWhileItsReaderMovesFromEdgeToEdgeAndIsCancelledWhenItHasGone()
            throws Exception {
        var id = first.startForReaders(DIALECT, lasting(LONG));
        var upstream = open();
        var assembly = new TextAssembly();
        for (int i = 0; i < 3; i++) {
            Followed.follow(first, id, assembly, 100);
            Followed.follow(second, id, assembly, 100);
        }
        assertThat(assembly.ended()).as("it lasted longer than the grace period").isFalse();

        var closed = system.simulator().awaitClosed(upstream.id(), Duration.ofSeconds(20));

        assertThat(closed.ending()).isEqualTo(Ending.CLIENT_CLOSED);
        Followed.follow(second, id, assembly, Integer.MAX_VALUE);
        assertThat(end(assembly, "finishReason")).isEqualTo("disconnected");
        assertThat(first.response(id, assembly.tidemark()).path("status").asText())
                .isEqualTo("cancelled");
    }

    @Test
    void aStreamWhoseReadersComeAndGoIsNotCancelledForTheGapsBetween() throws Exception {
        var id = second.startForReaders(DIALECT, lasting(GRACE.multipliedBy(3)));
        var assembly = new TextAssembly();
        while (!assembly.ended()) {
            Followed.follow(first, id, assembly, 60);
        }

        assertThat(end(assembly, "outcome")).isEqualTo("complete");
    }

    /* It has said that it has a reader, and for how long that holds. */
    @Test
    void anEdgeThatIsKilledCountsAsGone() throws Exception {
        var settings = List.of(servers, "edge.port=0", "edge.projector-url=http://127.0.0.1:1");
        try (var edge = SystemProcess.start("edge", settings);
                var client = new TidemarkClient(edge.address())) {
            var id = first.startForReaders(DIALECT, lasting(LONG));
            var upstream = open();
            var assembly = new TextAssembly();
            try (var events = client.events(id, OptionalLong.empty())) {
                while (assembly.tidemark() < 2 * GRACE.toMillis() / TOKEN_MS) {
                    assembly.add(events.next().orElseThrow());
                }
                edge.kill();
            }

            var closed = system.simulator().awaitClosed(upstream.id(), Duration.ofSeconds(60));

            assertThat(closed.ending()).isEqualTo(Ending.CLIENT_CLOSED);
            Followed.follow(second, id, assembly, Integer.MAX_VALUE);
            assertThat(end(assembly, "finishReason")).isEqualTo("disconnected");
        }
    }

    @Test
    void aStreamGoesOnUnreadUnlessItIsToBeCancelled() throws Exception {
        var id = first.start(DIALECT, lasting(GRACE.multipliedBy(3)));
        var upstream = open();

        var closed = system.simulator().awaitClosed(upstream.id(), GRACE.multipliedBy(10));

        assertThat(closed.ending()).isEqualTo(Ending.COMPLETED);
        var assembly = new TextAssembly();
        Followed.follow(second, id, assembly, Integer.MAX_VALUE);
        assertThat(assembly.ended()).isTrue();
    }
}
