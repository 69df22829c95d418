package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.SimulatedRequest;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

@HasOwnKafka(because = "the node under test starts it")
class CancelIT {
    @TempDir private Path data;

    @Test
    void cancelOnAnotherEdgeClosesTheProvidersConnectionWithinASecond() throws Exception {
        try (var system = new TestSystem(data)) {
            var reader = system.client();
            var other = system.client();
            var slow = Map.of("sim_ttft_ms", "0", "sim_token_ms", "50", "sim_tokens", "2000");
            var id = reader.start("openai.responses", TestSystem.request("sim-long", slow));
            var assembly = new TextAssembly();
            Followed.follow(reader, id, assembly, 10);
            var upstream = system.simulator().awaitRequest(request -> true, Duration.ofSeconds(5));

            other.cancel(id);
            var closed = system.simulator().awaitClosed(upstream.id(), Duration.ofSeconds(1));
            Followed.follow(reader, id, assembly, Integer.MAX_VALUE);

            assertThat(closed.ending()).isEqualTo(SimulatedRequest.Ending.CLIENT_CLOSED);
            var end = TextAssembly.json(assembly.events().getLast());
            assertThat(end.path("type").asText()).isEqualTo("stream.completed");
            assertThat(end.path("outcome").asText()).isEqualTo("cancelled");
            assertThat(other.response(id, assembly.tidemark()).path("status").asText())
                    .isEqualTo("cancelled");
            assertThat(other.cancel(id).path("outcome").asText()).isEqualTo("already_terminal");
        }
    }
}
