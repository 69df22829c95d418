package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** What is the same whichever API is spoken: keys, ids, pace, accounts, recordings. */
class ProviderSimulatorEveryApiIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Path AUTHORED = Path.of("src/test/resources/recordings");

    private final ProviderSimulator simulator =
            ProviderSimulator.start(
                    ProviderSimulatorConfig.DEFAULT.withKeyRequired(true).withRecordings(AUTHORED));
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyAnswerIsNamedInTheVendorsHeader(SimulatedApi api) throws Exception {
        var good = client.post(api, "sim-answer");
        var refused = client.postTo(api.target("sim-answer"), "{}");

        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.headers().firstValue(api.requestIdHeader())).hasValue("req_sim_1");
        assertThat(refused.statusCode()).isBetween(401, 403);
        assertThat(refused.headers().firstValue(api.requestIdHeader())).hasValue("req_sim_2");
    }

    @ParameterizedTest
    @EnumSource
    void onlyPostIsAllowed(SimulatedApi api) throws Exception {
        assertThat(client.request("GET", api.target("sim-answer")).statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @EnumSource
    void anAccountHoldsModelPathAndUsageButNoPrompt(SimulatedApi api) throws Exception {
        client.post(api, "sim-max-tokens");

        var request = simulator.awaitClosed(1, SOON);

        assertThat(request.model()).isEqualTo("sim-max-tokens");
        assertThat(request.path()).isEqualTo(api.target("sim-max-tokens").split("\\?", 2)[0]);
        assertThat(request.sentTokens()).isEqualTo(24);
        assertThat(request.toString()).doesNotContain("test-key").doesNotContain("salt");
        assertThat(simulator.reportedUsage().outputTokens())
                .isEqualTo(api == SimulatedApi.CHAT ? 0 : 24);
    }

    @ParameterizedTest
    @EnumSource
    void paceAndLengthAreWhatTheRequestSays(SimulatedApi api) throws Exception {
        var startNanos = System.nanoTime();

        client.post(api, "sim-long", "sim_tokens", "21", "sim_ttft_ms", "40", "sim_token_ms", "2");

        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(80_000_000);
        assertThat(simulator.awaitClosed(1, SOON).sentTokens()).isEqualTo(21);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameBytes(SimulatedApi api) throws Exception {
        var config = ProviderSimulatorConfig.DEFAULT.withClock(() -> Instant.ofEpochSecond(9));
        try (var one = ProviderSimulator.start(config);
                var other = ProviderSimulator.start(config);
                var oneClient = new SimulatorClient(one);
                var otherClient = new SimulatorClient(other)) {
            assertThat(oneClient.bytes(api, "sim-reasoning").body())
                    .isEqualTo(otherClient.bytes(api, "sim-reasoning").body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordingsOfEveryKindComeByteForByte(SimulatedApi api) throws Exception {
        assertServed(api, "openai-responses/authored--crlf.sse", "text/event-stream");
        assertServed(api, "google-generatecontent/authored--array.json", "application/json");

        simulator.awaitClosed(2, SOON);
        assertThat(simulator.requests().stream().map(SimulatedRequest::sentFrames))
                .containsExactly(4L, 3L);
    }

    private void assertServed(SimulatedApi api, String name, String contentType) throws Exception {
        var answer = client.bytes(api, "recording:" + name, "sim_split_seed", "3");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue(contentType);
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(AUTHORED.resolve(name)));
    }

    @Test
    void everyRecordingThereIsComesByteForByteThroughGeminisPath() throws Exception {
        var recordings = Recording.all(Recording.defaultRoot());
        assumeTrue(!recordings.isEmpty(), "no recordings at " + Recording.defaultRoot());
        try (var serving =
                        ProviderSimulator.start(
                                ProviderSimulatorConfig.DEFAULT.withRecordings(
                                        Recording.defaultRoot()));
                var serveClient = new SimulatorClient(serving)) {
            for (var recording : recordings) {
                var answer =
                        serveClient.bytes(SimulatedApi.GEMINI, "recording:" + recording.name());

                assertThat(answer.body()).as(recording.name()).isEqualTo(recording.bytes());
                assertThat(answer.headers().firstValue("content-type"))
                        .hasValue(recording.contentType());
            }
            System.out.println("recordings served byte for byte: " + recordings.size());
        }
    }
}
