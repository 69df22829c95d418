package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatedApi.TRANSCRIPTIONS;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The wire of {@code POST /v1/audio/transcriptions}. */
class ProviderSimulatorTranscriptionsIT {

    private static final String TARGET = "/v1/audio/transcriptions";

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sim-answer",
                "sim-unicode",
                "sim-reasoning",
                "sim-tool",
                "sim-refusal",
                "sim-max-tokens",
                "sim-filter",
                "sim-long",
                "sim-clock",
                "gpt-4o-transcribe"
            })
    void deltasMakeUpTheTextThatDoneRepeatsWithItsUsage(String model) throws Exception {
        var body = client.post(TRANSCRIPTIONS, model).body();

        assertThat(body).endsWith("data: [DONE]\n\n");
        var events = SimulatorClient.dataOf(body, "\n");
        var deltas = ofType(events, "transcript.text.delta");
        assertThat(events).hasSize(deltas.size() + 1);
        var done = events.getLast();
        assertThat(done.path("type").asText()).isEqualTo("transcript.text.done");
        assertThat(done.path("text").asText()).isEqualTo(joined(deltas, "delta")).isNotEmpty();
        assertThat(done.at("/usage/type").asText()).isEqualTo("tokens");
        assertThat(done.at("/usage/output_tokens").asInt()).isEqualTo(deltas.size());
    }

    @Test
    void thoughtsAreNotHeard() throws Exception {
        var done = events(client.post(TRANSCRIPTIONS, "sim-reasoning")).getLast();

        assertThat(done.path("text").asText()).contains("tide").doesNotContain("**");
    }

    @Test
    void speakersAreToldApartInSegmentsWhoseTimesFollowOneAnother() throws Exception {
        var body = TRANSCRIPTIONS.streaming("sim-answer").put("response_format", "diarized_json");

        var events = events(client.send(TRANSCRIPTIONS, body, "sim-answer"));

        var segments = ofType(events, "transcript.text.segment");
        assertThat(events).hasSize(segments.size() + 1);
        assertThat(joined(segments, "text")).isEqualTo(events.getLast().path("text").asText());
        assertThat(segments.stream().map(s -> s.path("speaker").asText()).distinct())
                .containsExactly("A", "B");
        for (var i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i).path("id").asText()).isEqualTo("seg_" + i);
            assertThat(segments.get(i).path("start").asDouble())
                    .isEqualTo(i == 0 ? 0 : segments.get(i - 1).path("end").asDouble())
                    .isLessThan(segments.get(i).path("end").asDouble());
        }
    }

    @Test
    void aFailureIsAnErrorChunkAndTheEnd() throws Exception {
        var body = client.post(TRANSCRIPTIONS, "sim-fail").body();

        assertThat(body).contains("transcript.text.delta").doesNotContain("[DONE]");
        var last = SimulatorClient.dataOf(body, "\n").getLast();
        assertThat(last.at("/error/code").asText()).isEqualTo("server_error");
    }

    @Test
    void aFormIsReadWithItsFileAndWhatItAsksOfTheSimulator() throws Exception {
        var form =
                field("model", "sim-answer")
                        + field("stream", "true")
                        + field("prompt", "Grüße\r\n--not-the-end")
                        + field("sim_tokens", "7")
                        + field("metadata[sim_token_ms]", "1")
                        + file("file")
                        + "--b1--\r\n";

        var events = events(postForm(form));

        assertThat(ofType(events, "transcript.text.delta")).hasSize(7);
        assertThat(events.getLast().path("text").asText()).contains("Grüße\r\n--not");
    }

    @Test
    void withoutStreamTheTranscriptionComesInOne() throws Exception {
        var form = field("model", "sim-answer") + file("file") + "--b1--\r\n";

        var whole = SimulatorClient.JSON.readTree(postForm(form).body());

        assertThat(whole.path("text").asText()).contains("tide");
        assertThat(whole.has("segments")).isFalse();
        assertThat(whole.at("/usage/output_tokens").asInt()).isPositive();
        var diarized = field("response_format", "diarized_json") + form;
        assertThat(SimulatorClient.JSON.readTree(postForm(diarized).body()).path("segments"))
                .hasSizeGreaterThan(2);
    }

    @Test
    void badFormsAreRefusedWithTheFieldAtFault() throws Exception {
        var model = field("model", "sim-answer");
        var good = model + file("file");

        assertRefused(model, "file");
        assertRefused(model + field("file", "text"), "file");
        assertRefused(file("file"), "model");
        assertRefused(good + field("stream", "perhaps"), "stream");
        assertRefused(good + field("response_format", "srt"), "response_format");
        assertRefused(good + field("sim_tokens", "x"), "sim_tokens");
    }

    private void assertRefused(String parts, String param) throws Exception {
        var answer = postForm(parts + "--b1--\r\n");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(SimulatorClient.JSON.readTree(answer.body()).at("/error/param").asText())
                .isEqualTo(param);
    }

    @Test
    void whatIsNotAFormIsRefused() throws Exception {
        assertThat(postForm("").statusCode()).isEqualTo(400);
        assertThat(postForm(field("model", "m")).statusCode()).isEqualTo(400);
        assertThat(postForm("--b1\r\n\r\nnameless\r\n--b1--\r\n").statusCode()).isEqualTo(400);
        var noBoundary = client.postTo(TARGET, "x", "content-type", "multipart/form-data");
        assertThat(noBoundary.statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> postForm(String form) throws Exception {
        return client.postTo(TARGET, form, "content-type", "multipart/form-data; boundary=\"b1\"");
    }

    private static String field(String name, String value) {
        return "--b1\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, value);
    }

    private static String file(String name) {
        return "--b1\r\ncontent-disposition: form-data; name=%s; filename=\"a.wav\"\r\n"
                        .formatted(name)
                + "Content-Type: audio/wav\r\n\r\nRIFF\r\n\r\n--b2\r\n\r\n";
    }

    private static List<JsonNode> events(HttpResponse<String> answer) throws Exception {
        return SimulatorClient.dataOf(answer.body(), "\n");
    }

    private static List<JsonNode> ofType(List<JsonNode> events, String type) {
        return events.stream().filter(e -> e.path("type").asText().equals(type)).toList();
    }

    private static String joined(List<JsonNode> events, String field) {
        return events.stream()
                .map(e -> Objects.requireNonNull(e.get(field)).asText())
                .collect(Collectors.joining());
    }
}
