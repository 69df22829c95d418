package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.SimulatedRequest.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class ProviderSimulatorFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 5000})
    void resetComesAfterExactlySoManyBytes(int afterBytes) throws Exception {
        var body = streaming("sim-answer", "sim_fault", "reset");
        body.withObject("metadata").put("sim_fault_after_bytes", "" + afterBytes);
        try (var raw = new RawClient(simulator.port())) {
            raw.post(body);
            raw.readHead();

            var received = new ByteArrayOutputStream();
            assertThatIOException()
                    .isThrownBy(() -> readChunksInto(raw, received))
                    .withMessageContaining("reset");

            assertThat(received.size()).isEqualTo(afterBytes);
            var request = simulator.awaitClosed(1, SOON);
            assertThat(request.ending()).isEqualTo(Ending.FAULT);
            assertThat(request.fault()).hasValue("reset");
            assertThat(request.sentBytes()).isEqualTo(afterBytes);
        }
    }

    @Test
    void resetBeforeTheHeadSendsNothing() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(streaming("sim-answer", "sim_fault", "reset", "sim_fault_after_bytes", "-1"));

            assertThatIOException().isThrownBy(() -> raw.in().read());
            assertThat(simulator.awaitClosed(1, SOON).statusCode()).isZero();
        }
    }

    @Test
    void stallSendsSoMuchAndThenNothingUntilTheClientCloses() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(streaming("sim-answer", "sim_fault", "stall", "sim_fault_after_bytes", "100"));
            raw.readHead();
            assertThat(raw.in().readNBytes(104)).startsWith('6', '4', '\r', '\n');
            raw.in().readNBytes(2);
            raw.readAtMostMs(50);

            assertThatThrownBy(() -> raw.in().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(simulator.requests().getFirst().ended()).isFalse();
        }
        var request = simulator.awaitClosed(1, SOON);
        assertThat(request.ending()).isEqualTo(Ending.CLIENT_CLOSED);
        assertThat(request.fault()).hasValue("stall");
        assertThat(request.sentBytes()).isEqualTo(100);
    }

    @Test
    void endOfBodyIsAnOrderlyEndWithoutATerminalEvent() throws Exception {
        var answer =
                client.post(
                        streaming(
                                "sim-answer", "sim_fault", "eof", "sim_fault_after_bytes", "4000"));

        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).hasSize(4000);
        assertThat(answer.body()).doesNotContain("response.completed");
        assertThat(answer.headers().firstValue("connection")).hasValue("close");
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.FAULT);
        assertThat(simulator.reportedUsage()).isEqualTo(SimulatedUsage.NONE);
    }

    @Test
    void aMalformedFrameStandsBetweenGoodOnes() throws Exception {
        var good = client.post(streaming("sim-answer")).body();

        var bad =
                client.post(
                                streaming(
                                        "sim-answer",
                                        "sim_fault",
                                        "malformed",
                                        "sim_fault_after_bytes",
                                        "3000"))
                        .body();

        var malformed = "\"del\n\n";
        assertThat(bad).containsOnlyOnce(malformed).contains("event: response.completed");
        assertThat(bad.indexOf(malformed)).isGreaterThan(3000);
        assertThat(frameCount(bad)).isEqualTo(frameCount(good) + 1);
    }

    @Test
    void statusAnswersWithRetryAfterInOpenAisShape() throws Exception {
        var answer =
                client.post(
                        streaming(
                                "sim-answer",
                                "sim_fault",
                                "status",
                                "sim_status",
                                "429",
                                "sim_retry_after",
                                "7"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
        var error = SimulatorClient.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.REFUSED);
    }

    @Test
    void statusIsFiveHundredUnlessSaidOtherwise() throws Exception {
        var answer = client.post(streaming("sim-answer", "sim_fault", "status"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void onlyTheFirstAttemptsFailWhenAskedTo() throws Exception {
        var body = streaming("sim-answer", "sim_fault", "status", "sim_fault_times", "2");

        assertThat(client.post(body).statusCode()).isEqualTo(500);
        assertThat(client.post(body).statusCode()).isEqualTo(500);
        assertThat(client.post(body).statusCode()).isEqualTo(200);
        assertThat(client.post(body).statusCode()).isEqualTo(200);
        assertThat(client.post(body.deepCopy().put("input", "another")).statusCode())
                .isEqualTo(500);
    }

    @Test
    void faultsInLineAreHandedOutInOrder() throws Exception {
        simulator.failNext(new SimulatedFault.Status(503, Optional.empty()), 1);
        simulator.failNext(new SimulatedFault.Status(429, Optional.of("1")), 2);

        assertThat(client.post(streaming("sim-answer")).statusCode()).isEqualTo(503);
        assertThat(client.post(streaming("sim-answer")).statusCode()).isEqualTo(429);
        simulator.failNoMore();
        assertThat(client.post(streaming("sim-answer")).statusCode()).isEqualTo(200);
    }

    @Test
    void fixedSplitsCutEverywhereAndKeepEveryByte() throws Exception {
        var expected = bytesOf(chunks(streaming("sim-unicode", "sim_tokens", "40")));

        var body = streaming("sim-unicode", "sim_tokens", "40");
        body.withObject("metadata").put("sim_split_every", "3");
        var chunks = chunks(body);

        assertThat(chunks.subList(0, chunks.size() - 1)).allMatch(chunk -> chunk.length == 3);
        assertThat(withoutIdsAndMetadata(bytesOf(chunks)))
                .isEqualTo(withoutIdsAndMetadata(expected));
        assertThat(chunks)
                .as("a chunk that starts inside a UTF-8 sequence")
                .anyMatch(chunk -> (chunk[0] & 0xC0) == 0x80);
    }

    @Test
    void splitAloneMeansSingleBytes() throws Exception {
        var chunks = chunks(streaming("sim-tool", "sim_fault", "split"));

        assertThat(chunks).hasSizeGreaterThan(1000).allMatch(chunk -> chunk.length == 1);
    }

    @Test
    void randomSplitsRepeatWithTheirSeed() throws Exception {
        var body = streaming("sim-tool", "sim_split_seed", "42", "sim_split_max", "9");

        var once = chunks(body).stream().map(chunk -> chunk.length).toList();
        var again = chunks(body).stream().map(chunk -> chunk.length).toList();

        assertThat(once).isEqualTo(again).allMatch(size -> size <= 9);
        assertThat(once.stream().distinct()).hasSizeGreaterThan(5);
    }

    @Test
    void wholeFramesAreAChunkEach() throws Exception {
        var chunks = chunks(streaming("sim-answer"));

        assertThat(chunks)
                .allMatch(chunk -> {
                    var text = new String(chunk, StandardCharsets.UTF_8);
                    return text.startsWith("event: ") && text.endsWith("}\n\n");
                });
    }

    private List<byte[]> chunks(JsonNode body) throws IOException {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(body);
            raw.readHead();
            return raw.readChunks();
        }
    }

    private static void readChunksInto(RawClient raw, ByteArrayOutputStream received)
            throws IOException {
        while (true) {
            received.write(raw.readChunk());
        }
    }

    private static byte[] bytesOf(List<byte[]> chunks) {
        var bytes = new ByteArrayOutputStream();
        chunks.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    private static String withoutIdsAndMetadata(byte[] body) {
        return new String(body, StandardCharsets.UTF_8)
                .replaceAll("(resp|msg)_[0-9a-f]+", "$1")
                .replaceAll("\"created_at\":\\d+", "")
                .replaceAll("\"metadata\":\\{[^}]*}", "");
    }

    private static int frameCount(String stream) {
        return stream.split("\n\n", -1).length;
    }
}
