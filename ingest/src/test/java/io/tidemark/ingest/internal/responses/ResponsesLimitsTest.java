package io.tidemark.ingest.internal.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.Lanes;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.SentCitations;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.StringJoiner;

/** What one response may hold, and how what is long is cut. */
class ResponsesLimitsTest {
    private static final String DELTA =
            """
            {"type":"response.output_text.delta","sequence_number":1,"output_index":0,"content_index":0,"delta":"Hi"}
            """;

    private static final ResponseLimits LIMITS = ResponseLimits.defaults();

    /* So many calls at most may have input as long as one may be, all at once. */
    private static final int OPEN_CALLS = LIMITS.callInputCharsMax() / LaneState.INPUT_CHARS_MAX;

    private final Pump pump = new Pump(new ResponsesApi());

    @Test
    void anEventTooLargeEndsTheStream() {
        pump.accept(new SseSignal.Overflow(16));

        assertThat(terminal(pump.drafts()).message())
                .isEqualTo("The provider sent an event of more than 16 bytes.");
    }

    @Test
    void tooManyItemsEndTheStream() {
        for (int i = 0; i <= LIMITS.itemsMax(); i++) {
            pump.frame(DELTA.replace("\"output_index\":0", "\"output_index\":" + i));
        }

        assertThat(terminal(pump.drafts()).code()).isEqualTo("protocol_error");
        StreamRules.check(pump.events());
    }

    @Test
    void tooManyLanesEndTheStream() {
        for (int i = 0; i <= Lanes.LANES_MAX; i++) {
            pump.frame(DELTA.replace("\"content_index\":0", "\"content_index\":" + i));
        }

        assertThat(terminal(pump.drafts()).code()).isEqualTo("protocol_error");
        StreamRules.check(pump.events());
    }

    @Test
    void tooManyLanesOfAllItemsTogetherEndTheStream() {
        int lanesEach = LIMITS.lanesMax() / LIMITS.itemsMax() + 1;
        for (int i = 0; i < LIMITS.itemsMax(); i++) {
            var place = DELTA.replace("\"output_index\":0", "\"output_index\":" + i);
            for (int lane = 0; lane < lanesEach; lane++) {
                pump.frame(place.replace("\"content_index\":0", "\"content_index\":" + lane));
            }
        }

        assertThat(terminal(pump.drafts()).code()).isEqualTo("protocol_error");
        StreamRules.check(pump.events());
    }

    @Test
    void tooMuchInputOfOpenCallsEndsTheStream() {
        for (int i = 0; i <= OPEN_CALLS; i++) {
            pump.frame(input(i));
        }

        assertThat(terminal(pump.drafts()).code()).isEqualTo("protocol_error");
        StreamRules.check(pump.events());
    }

    @Test
    void inputIsLetGoOfWhenItsItemEnds() {
        for (int i = 0; i <= OPEN_CALLS; i++) {
            pump.frame(input(i));
            pump.frame(
                    """
                    {"type":"response.output_item.done","output_index":%d,"item":{"type":"function_call"}}
                    """
                            .formatted(i));
        }

        assertThat(pump.normaliser().ended()).isFalse();
    }

    @Test
    void commandsAreNotKept() {
        for (int i = 0; i <= OPEN_CALLS; i++) {
            pump.frame(
                    input(i).replace("function_call_arguments.delta", "shell_call_command.delta"));
        }

        assertThat(pump.normaliser().ended()).isFalse();
    }

    @Test
    void whatWasLetGoOfIsNoCall() {
        pump.frame("{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{}\"}");
        pump.frame(
                "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\"}}");

        pump.frame(
                """
                {"type":"response.completed","response":{"output":[
                 {"type":"function_call","call_id":"call_1","name":"f"}]}}
                """);

        assertThat(pump.drafts())
                .extracting(Draft::body)
                .doesNotHaveAnyElementsOfTypes(ToolCall.class);
    }

    @Test
    void sourcesThatAreRestatedNeedNoRoom() {
        var one = "{\"type\":\"url_citation\",\"url\":\"https://a.example/%d\"}";
        var sources = new StringJoiner(",");
        for (int i = 0; i < SentCitations.CITATIONS_MAX; i++) {
            sources.add(one.formatted(i));
        }
        var done =
                """
                {"type":"response.content_part.done","output_index":0,"content_index":0,"part":
                 {"type":"output_text","text":"Hi","annotations":[%s]}}
                """;

        pump.frame(done.formatted(sources));
        pump.frame(done.formatted(sources));
        assertThat(pump.normaliser().ended()).isFalse();

        pump.frame(done.formatted(sources.add(one.formatted(0))));
        assertThat(terminal(pump.drafts()).code()).isEqualTo("protocol_error");
    }

    @Test
    void aLongRestIsCutBetweenCharacters() {
        var text = "\uD83D\uDE00".repeat(OutputWriter.DELTA_CHARS_MAX);

        pump.frame(DELTA.replace("\"Hi\"", "\"x" + text + "\""));

        var pieces =
                pump.drafts().stream()
                        .map(Draft::body)
                        .filter(TextDelta.class::isInstance)
                        .map(body -> ((TextDelta) body).text())
                        .toList();
        assertThat(pieces).hasSize(3);
        assertThat(String.join("", pieces)).isEqualTo("x" + text);
        StreamRules.check(pump.end().events());
    }

    @Test
    void longAudioIsCutBetweenBytes() {
        var base64 = "A".repeat(AudioWriter.BASE64_CHARS_MAX + 8);

        pump.frame("{\"type\":\"response.audio.delta\",\"delta\":\"" + base64 + "\"}");

        assertThat(pump.drafts()).hasSize(3);
        StreamRules.check(pump.end().events());
    }

    @Test
    void aLargeUnknownFrameLeavesItsSize() {
        var frame = "{\"type\":\"beam\",\"x\":\"" + "x".repeat(Unmapped.DATA_CHARS_MAX) + "\"}";

        assertThat(pump.frame(frame))
                .singleElement()
                .extracting(Draft::body)
                .isInstanceOfSatisfying(
                        ProviderEvent.class,
                        event ->
                                assertThat(String.valueOf(event.data()))
                                        .isEqualTo(
                                                "{\"omitted\":\"too large\",\"chars\":%d,\"charsMax\":%d}"
                                                        .formatted(
                                                                frame.length(),
                                                                Unmapped.DATA_CHARS_MAX)));
    }

    @Test
    void manySmallDeltasTakeNoQuadraticTime() {
        var frame = DELTA.replace("Hi", "x".repeat(100));
        for (int i = 0; i < 20_000; i++) {
            pump.frame(frame);
        }

        assertThat(pump.end().response().items().getFirst().content().getFirst().text())
                .hasSize(2_000_000);
    }

    private static String input(int outputIndex) {
        return """
        {"type":"response.function_call_arguments.delta","output_index":%d,"delta":"%s"}
        """
                .formatted(outputIndex, "x".repeat(LaneState.INPUT_CHARS_MAX));
    }

    private static Failed terminal(List<Draft> drafts) {
        assertThat(drafts).filteredOn(Draft::terminal).hasSize(1);
        return (Failed) drafts.getLast().body();
    }
}
