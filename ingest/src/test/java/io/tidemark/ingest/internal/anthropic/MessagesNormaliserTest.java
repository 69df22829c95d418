package io.tidemark.ingest.internal.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Seeds;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Odd shapes of a Messages stream, by name; what each event gives is in the mapping test. */
class MessagesNormaliserTest {
    private static final String START =
            """
            {"type":"message_start","message":{"id":"msg_1","model":"m-1","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}
            """;
    private static final String TEXT =
            """
            {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}
            """;
    private static final String TOOL =
            """
            {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}
            """;
    private static final String END_TURN =
            """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}
            """;
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private final Pump pump = new Pump(new MessagesApi());

    @AfterEach
    void whateverCameTheRulesHold() {
        StreamRules.check(pump.end().events());
    }

    @Test
    void theRichStreamHoldsEverything() {
        RichStream.FRAMES.forEach(pump::frame);

        var response = pump.response();
        assertThat(response.items())
                .extracting(item -> item.providerItemType())
                .containsExactly(
                        "thinking",
                        "redacted_thinking",
                        "text",
                        "server_tool_use",
                        "web_search_tool_result",
                        "mcp_tool_use",
                        "mcp_tool_result",
                        "compaction",
                        "hologram",
                        "fallback",
                        "tool_use",
                        "tool_use",
                        "text");
        assertThat(response.items().getFirst().content().getFirst().text())
                .isEqualTo("Grüße \uD83D\uDE00 bedenken");
        assertThat(response.model()).isEqualTo("m-2");
        assertThat(bodies(ToolCall.class))
                .extracting(ToolCall::input)
                .containsExactly("{\"query\":\"sky\"}", "{\"q\":1}", "{}", "{\"a\":1}");
        assertThat(bodies(ProviderEvent.class))
                .extracting(ProviderEvent::providerType)
                .containsExactly(
                        "content_block_start",
                        "content_block_delta",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_start",
                        "message_rating",
                        "message_delta");
    }

    @ParameterizedTest
    @CsvSource({
        "message_start, message_start",
        "message_start, content_block_stop",
        "message_start, surprise",
        "message_start, error",
        ", message_start"
    })
    void theDataSaysWhatAnEventIs(@Nullable String type, String event) {
        var json = START.replace("message_start", type == null ? "" : type);

        pump.accept(new SseSignal.Frame(new SseFrame(event, json, null)));

        assertThat(bodies(Status.class)).hasSize(1);
    }

    @Test
    void anEventThatIsNamedErrorIsOneWhateverItsType() {
        var json = "{\"type\":\"mishap\",\"message\":\"No.\"}";
        pump.accept(new SseSignal.Frame(new SseFrame("error", json, null)));

        assertThat(last(Failed.class).message()).isEqualTo("No.");
        assertThat(last(Failed.class).providerErrorType()).isEqualTo("mishap");
    }

    @Test
    void aBareErrorBodyInTheStreamIsAnError() {
        pump.accept(
                new SseSignal.Stray(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"No.\"},\"request_id\":\"req_1\"}"));

        assertThat(last(Failed.class).code()).isEqualTo("provider_overloaded");
        assertThat(last(Failed.class).message()).isEqualTo("No.");
        assertThat(last(Failed.class).providerRequestId()).isEqualTo("req_1");
    }

    @Test
    void theEndOfBytesIsNoEndEvenAfterTheStopReason() {
        List.of(START, TEXT, END_TURN).forEach(pump::frame);

        pump.end();

        assertThat(last(Failed.class).code()).isEqualTo("connection_lost");
        assertThat(bodies(UsageUpdated.class).getLast().usage().output()).isEqualTo(7);
    }

    @Test
    void usageOfAStreamThatBreaksIsPartial() {
        List.of(START, TEXT).forEach(pump::frame);

        var fold = new ResponseFold();
        pump.end().events().forEach(event -> fold.add(1, event));

        var row = fold.usageRow().orElseThrow();
        assertThat(row.provenance()).isEqualTo(Provenance.PARTIAL);
        assertThat(row.usage()).isNotNull();
    }

    @Test
    void aDoneMarkerEndsAMessageAsItStopped() {
        List.of(START, TEXT, END_TURN, "[DONE]").forEach(pump::frame);

        assertThat(last(Completed.class).finishReason()).isEqualTo("stop");
    }

    @Test
    void aDoneMarkerAfterTheEndSaysNothing() {
        List.of(START, TEXT, END_TURN, STOP).forEach(pump::frame);

        assertThat(pump.frame("[DONE]")).isEmpty();
    }

    @Test
    void aDoneMarkerWithoutAMessageIsAViolation() {
        pump.frame("[DONE]");

        assertThat(last(Failed.class).code()).isEqualTo("protocol_error");
    }

    @Test
    void aMessageWithoutAStartIsReadAllTheSame() {
        List.of(TEXT, END_TURN, STOP).forEach(pump::frame);

        assertThat(last(Completed.class).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(pump.response().items().getFirst().content().getFirst().text()).isEqualTo("Hi");
    }

    @Test
    void aLostConnectionMakesNoCallOfWhatMayHaveBeenCutOff() {
        List.of(START, TOOL, "{\"type\":\"content_block_stop\",\"index\":1}").forEach(pump::frame);

        pump.end();

        assertThat(bodies(ToolCall.class)).isEmpty();
        assertThat(pump.response().items().getLast().status()).isEqualTo("incomplete");
    }

    @Test
    void aWholeAnswerIsReadLikeAStream() {
        var answer =
                """
                {"type":"message","id":"msg_1","model":"m-1","role":"assistant","content":[
                 {"type":"thinking","thinking":"Hm","signature":"EpAD"},
                 {"type":"text","text":"Hi","citations":[{"type":"page_location","cited_text":"Hi","document_index":0,"start_page_number":1,"end_page_number":2}]},
                 {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}],
                 "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":4}}
                """;

        var normaliser = new Pump(new MessagesApi()).normaliser();
        var drafts = normaliser.whole(ProviderJson.object(answer).orElseThrow());

        assertThat(normaliser.ended()).isTrue();
        assertThat(drafts).extracting(Draft::body).hasAtLeastOneElementOfType(ToolCall.class);
        assertThat(drafts.getLast().body())
                .isInstanceOfSatisfying(
                        Completed.class,
                        end -> assertThat(end.finishReason()).isEqualTo("tool_calls"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'error','error':{'type':'api_error'}}",
                "{'type':'message','id':'msg_1'}",
                "{'object':'chat.completion'}",
                "{}"
            })
    void whatIsNoWholeMessageIsLeftToOthers(String answer) {
        var json = ProviderJson.object(answer.replace('\'', '"')).orElseThrow();

        assertThat(pump.normaliser().whole(json)).isEmpty();
        assertThat(pump.normaliser().ended()).isFalse();
    }

    @Test
    void aReasonThatIsTakenBackStays() {
        List.of(
                        START,
                        END_TURN,
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":null}",
                        STOP)
                .forEach(pump::frame);

        assertThat(last(Completed.class).providerFinishReason()).isEqualTo("end_turn");
    }

    @Test
    void figuresBeyondAllCountingAreNoFault() {
        var huge = Long.MAX_VALUE;
        pump.frame(
                "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":%d,\"cache_read_input_tokens\":%d,\"output_tokens\":-1}}}"
                        .formatted(huge, huge));
        pump.frame(STOP);

        var usage = requireNonNull(last(Completed.class).usage(), "usage");
        assertThat(usage.input()).isEqualTo(huge);
        assertThat(usage.output()).isNull();
    }

    @Test
    void cachedTokensAloneAreNoTotal() {
        pump.frame(
                "{\"type\":\"message_start\",\"message\":{\"usage\":{\"cache_read_input_tokens\":5}}}");
        pump.frame(STOP);

        var usage = requireNonNull(last(Completed.class).usage(), "usage");
        assertThat(usage.input()).isNull();
        assertThat(usage.cachedInput()).isEqualTo(5);
    }

    @Test
    void framesInAnyOrderEndOnceWithAllClosed() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var shuffled = new Pump(new MessagesApi());
            for (int i = 0; i < 60; i++) {
                shuffled.frame(RichStream.FRAMES.get(random.nextInt(RichStream.FRAMES.size() - 1)));
            }
            check(seed, round, shuffled.end());
        }
    }

    @Test
    void chunkingChangesNothing() {
        var bytes = RichStream.text().getBytes(StandardCharsets.UTF_8);
        var whole = new Pump(new MessagesApi()).bytes(bytes, 0, bytes.length).end().drafts();
        var single = new Pump(new MessagesApi());
        for (int at = 0; at < bytes.length; at++) {
            single.bytes(bytes, at, at + 1);
        }

        assertThat(single.end().drafts()).isEqualTo(whole);
    }

    private static void check(long seed, int round, Pump pump) {
        try {
            StreamRules.check(pump.events());
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", round " + round, e);
        }
    }

    private <T extends EventBody> List<T> bodies(Class<T> type) {
        return pump.drafts().stream()
                .map(Draft::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private <T extends EventBody> T last(Class<T> type) {
        return type.cast(pump.drafts().getLast().body());
    }
}
