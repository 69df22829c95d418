package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.SimulatedRequest.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Whatever the API, it fails in the same ways. */
class ProviderSimulatorFaultsOnEveryApiIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int HUGE_BYTES = 3_000_000;

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource
    void resetComesAfterExactlySoManyBytes(SimulatedApi api) throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, "sim-answer", "sim_fault", "reset", "sim_fault_after_bytes", "555");
            raw.readHead();

            var received = new ByteArrayOutputStream();
            assertThatIOException()
                    .isThrownBy(() -> {
                        while (true) {
                            received.write(raw.readChunk());
                        }
                    })
                    .withMessageContaining("reset");

            assertThat(received.size()).isEqualTo(555);
            assertThat(simulator.awaitClosed(1, SOON).fault()).hasValue("reset");
        }
    }

    @ParameterizedTest
    @EnumSource
    void stallSendsNothingMore(SimulatedApi api) throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, "sim-answer", "sim_fault", "stall", "sim_fault_after_bytes", "10");
            raw.readHead();
            assertThat(raw.readChunk()).hasSize(10);
            raw.readAtMostMs(30);

            assertThatThrownBy(() -> raw.in().read()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void endOfBodyIsAnOrderlyEnd(SimulatedApi api) throws Exception {
        var body =
                client.bytes(api, "sim-answer", "sim_fault", "eof", "sim_fault_after_bytes", "444")
                        .body();

        assertThat(body).hasSize(444);
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.FAULT);
    }

    @ParameterizedTest
    @EnumSource
    void aMalformedFrameIsOneThatBreaksOffInItsJson(SimulatedApi api) throws Exception {
        var body =
                client.post(
                                api,
                                "sim-answer",
                                "sim_fault",
                                "malformed",
                                "sim_fault_after_bytes",
                                "1")
                        .body();

        if (api == SimulatedApi.GEMINI_ARRAY) {
            assertThatThrownBy(() -> SimulatorClient.JSON.readTree(body))
                    .isInstanceOf(JsonProcessingException.class);
            return;
        }
        var broken = body.lines().filter(line -> isBroken(line)).toList();
        assertThat(broken).hasSize(1);
    }

    private static boolean isBroken(String line) {
        if (!line.startsWith("data: {")) {
            return false;
        }
        try {
            SimulatorClient.JSON.readTree(line.substring(6));
            return false;
        } catch (JsonProcessingException e) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void singleBytesKeepEveryByte(SimulatedApi api) throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, "sim-unicode", "sim_fault", "split", "sim_tokens", "5");
            raw.readHead();

            var chunks = raw.readChunks();

            assertThat(chunks).hasSizeGreaterThan(200).allMatch(chunk -> chunk.length == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStatusCanBeCompressedInTheApisOwnShape(SimulatedApi api) throws Exception {
        var answer = client.bytes(api, "sim-answer", "sim_fault", "gzip", "sim_status", "502");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        try (var json = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            var error = SimulatorClient.JSON.readTree(json.readAllBytes());
            assertThat(error.at("/error/message").asText()).isNotEmpty();
        }
        assertThat(simulator.awaitClosed(1, SOON).fault()).hasValue("gzip");
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectLeadsElsewhere(SimulatedApi api) throws Exception {
        var nowhere = client.post(api, "sim-answer", "sim_fault", "redirect");
        var there =
                client.post(
                        api,
                        "sim-answer",
                        "sim_fault",
                        "redirect",
                        "sim_status",
                        "302",
                        "sim_location",
                        "http://127.0.0.1:1/");

        assertThat(nowhere.statusCode()).isEqualTo(307);
        assertThat(nowhere.headers().firstValue("location").orElseThrow()).contains(".invalid/");
        assertThat(there.statusCode()).isEqualTo(302);
        assertThat(there.headers().firstValue("location")).hasValue("http://127.0.0.1:1/");
    }

    @ParameterizedTest
    @EnumSource
    void theHeadCanLieAboutTheBody(SimulatedApi api) throws Exception {
        var answer = client.post(api, "sim-answer", "sim_fault", "content_type");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/html");
        assertThat(answer.body()).contains("tide");
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void dripSendsByteByByteWithAWaitAfterEach(SimulatedApi api) throws Exception {
        var startNanos = System.nanoTime();
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, "sim-answer", "sim_fault", "drip", "sim_drip_ms", "10");
            raw.readHead();
            for (var i = 0; i < 6; i++) {
                assertThat(raw.readChunk()).hasSize(1);
            }
        }

        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(50_000_000);
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void oneTokenCanBeHuge(SimulatedApi api) throws Exception {
        var body =
                client.post(api, "sim-tool", "sim_fault", "huge", "sim_huge_bytes", "" + HUGE_BYTES)
                        .body();

        assertThat(longestRunOfX(body)).isEqualTo(HUGE_BYTES);
        assertThat(body.contains("\uE000")).isFalse();
        var request = simulator.awaitClosed(1, SOON);
        assertThat(request.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(request.sentTokens()).isEqualTo(1);
    }

    private static int longestRunOfX(String body) {
        var longest = 0;
        var run = 0;
        for (var i = 0; i < body.length(); i++) {
            run = body.charAt(i) == 'x' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessAnswerGoesOnUntilTheClientLeaves(SimulatedApi api) throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, "sim-answer", "sim_fault", "endless");
            raw.readHead();
            for (var i = 0; i < 20_000; i++) {
                assertThat(raw.readChunk()).isNotEmpty();
            }
            assertThat(simulator.requests().getFirst().ended()).isFalse();
        }

        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
        assertThat(simulator.reportedUsage()).isEqualTo(SimulatedUsage.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"RESPONSES", "CHAT", "MESSAGES", "TRANSCRIPTIONS"})
    void anEndlessAnswerInOnePieceIsAnEndlessText(SimulatedApi api) throws Exception {
        var body = api.streaming("sim-answer", "sim_fault", "endless").put("stream", false);
        body.put("response_format", "diarized_json");
        try (var raw = new RawClient(simulator.port())) {
            raw.post(api, body);
            raw.readHead();
            var read = 0;
            while (read < 10_000_000) {
                read += raw.readChunk().length;
            }
        }

        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void tenThousandItemsAreOpenedUnlessSaidOtherwise(SimulatedApi api) throws Exception {
        assertThat(itemsOf(api, client.post(api, "sim-answer", "sim_fault", "items").body()))
                .isEqualTo(10_000);
        var few = client.post(api, "sim-answer", "sim_fault", "items", "sim_items", "3");
        assertThat(itemsOf(api, few.body())).isEqualTo(3);
    }

    private static long itemsOf(SimulatedApi api, String body) throws IOException {
        return switch (api) {
            case RESPONSES -> count(body, "event: response.output_item.added\n");
            case CHAT -> count(body, "\"type\":\"function\"");
            case MESSAGES -> count(body, "event: content_block_start\n");
            case GEMINI -> count(body, "\"functionCall\"");
            case GEMINI_ARRAY ->
                    SimulatorClient.JSON.readTree(body).findValues("functionCall").size();
            case TRANSCRIPTIONS -> count(body, "\"transcript.text.delta\"");
        };
    }

    private static long count(String body, String piece) {
        return body.split(piece, -1).length - 1L;
    }

    @ParameterizedTest
    @EnumSource
    void faultsInLineReachEveryApi(SimulatedApi api) throws Exception {
        simulator.failNext(new SimulatedFault.Status(503, Optional.of("3")), 1);

        var answer = client.post(api, "sim-answer");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("3");
        assertThat(SimulatorClient.JSON.readTree(answer.body()).path("error").isObject()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsNotTakenIsNotSaidToBeTakenLater(SimulatedApi api) throws Exception {
        simulator.failNext(new SimulatedFault.Status(401, Optional.of("7")), 1);

        var answer = client.post(api, "sim-answer");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sim_items 0 items",
                "sim_huge_bytes 0 huge",
                "sim_drip_ms -1 drip",
                "sim_status 200 gzip",
                "sim_status 500 redirect",
                "sim_location é redirect",
                "sim_content_type a\nb content_type",
                "sim_fail_first -1 status"
            })
    void whatCannotBeDoneIsRefused(String asked) throws Exception {
        var words = asked.split(" ", -1);

        var answer =
                client.post(
                        SimulatedApi.RESPONSES,
                        "sim-answer",
                        words[0],
                        words[1],
                        "sim_fault",
                        words[2]);

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = SimulatorClient.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("param").asText()).isEqualTo("metadata." + words[0]);
    }

    @Test
    void hundredMegabytesComeInChunksLikeAnyOther() throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(SimulatedApi.CHAT, "sim-answer", "sim_fault", "huge");
            raw.readHead();
            var before = new String(raw.readChunk(), StandardCharsets.UTF_8);
            var read = 0L;
            for (var chunk = raw.readChunk(); chunk.length > 0; chunk = raw.readChunk()) {
                assertThat(chunk.length).isLessThanOrEqualTo(16 << 10);
                read += chunk.length;
            }

            assertThat(before).contains("\"role\":\"assistant\"");
            assertThat(read).isGreaterThan(100 << 20);
        }
    }
}
