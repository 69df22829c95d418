package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow.Provenance;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** How responses end, and what is known of them then. */
class ChatEndingTest {
    private static final String TEXT =
            "{'id':'c-1','model':'m-1','choices':[{'index':0,'delta':{'content':'Hi'}}]}";
    private static final String CALL =
            "{'id':'c-1','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}";
    private static final String STOP =
            "{'id':'c-1','choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}";
    private static final String USAGE =
            "{'id':'c-1','choices':[],'usage':{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3}}";

    private final Pump pump = new Pump(new ChatApi());

    @ParameterizedTest
    @CsvSource({
        "stop, stop, COMPLETE",
        "eos, stop, COMPLETE",
        "end_turn, stop, COMPLETE",
        "STOP, stop, COMPLETE",
        "tool_calls, tool_calls, COMPLETE",
        "function_call, tool_calls, COMPLETE",
        "length, length, INCOMPLETE",
        "model_length, length, INCOMPLETE",
        "max_tokens, length, INCOMPLETE",
        "model_context_window_exceeded, context_length, INCOMPLETE",
        "content_filter, content_filter, INCOMPLETE",
        "content_filter: SAFETY, content_filter, INCOMPLETE",
        "sensitive, content_filter, INCOMPLETE",
        "refusal, refusal, INCOMPLETE",
        "pause_turn, pause, INCOMPLETE",
        "malformed_function_call, malformed_tool_call, INCOMPLETE",
        "cancelled, cancelled, CANCELLED",
        "something_new, other, INCOMPLETE"
    })
    void aFinishReasonIsToldInOurWords(String word, String reason, Outcome outcome) {
        feed(TEXT, STOP.replace("stop", word), "[DONE]");

        assertThat(completed())
                .extracting(
                        Completed::providerFinishReason,
                        Completed::finishReason,
                        Completed::outcome)
                .containsExactly(word, reason, outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "error, provider_error",
        "network_error, provider_error",
        "abort, provider_error",
        "insufficient_system_resource, provider_overloaded"
    })
    void aFinishReasonThatIsAnErrorFailsWithWhatItCost(String word, String code) {
        feed(TEXT, STOP.replace("stop", word), USAGE, "[DONE]");

        var failed = (Failed) last();
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.retryable()).isTrue();
        assertThat(failed.usage()).isNotNull();
    }

    @Test
    void aCallInAnAnswerThatStoppedIsWhatItStoppedFor() {
        feed(CALL, STOP, "[DONE]");

        assertThat(completed().finishReason()).isEqualTo("tool_calls");
        assertThat(completed().providerFinishReason()).isEqualTo("stop");
    }

    @Test
    void aRefusalInAnAnswerThatStoppedIsWhatItStoppedFor() {
        feed(TEXT.replace("content", "refusal"), STOP, "[DONE]");

        assertThat(completed().finishReason()).isEqualTo("refusal");
        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void usageAfterTheFinishReasonIsWaitedFor() {
        feed(TEXT, STOP);
        assertThat(pump.normaliser().holding()).contains(ChatDialect.HOLD);

        feed(USAGE);
        assertThat(pump.normaliser().ended()).isFalse();

        feed("[DONE]");
        assertThat(usage().total()).isEqualTo(3);
    }

    @Test
    void theWaitForUsageEnds() {
        feed(TEXT, STOP);

        var said = pump.normaliser().holdExpired();

        assertThat(said.getLast().body()).isInstanceOf(Completed.class);
        assertThat(((Completed) said.getLast().body()).usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage", "x_groq", "choice"})
    void usageIsFoundWhereverItStands(String where) {
        var usage = "'usage':{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3}";
        var place =
                switch (where) {
                    case "usage" -> STOP.replace("'id'", usage + ",'id'");
                    case "x_groq" -> STOP.replace("'id'", "'x_groq':{" + usage + "},'id'");
                    default -> STOP.replace("'index'", usage + ",'index'");
                };
        feed(TEXT, place);
        pump.end();

        assertThat(usage().total()).isEqualTo(3);
    }

    @Test
    void ofUsageOnEveryChunkTheLastWordCounts() {
        feed(TEXT.replace("'id'", "'usage':{'prompt_tokens':1,'completion_tokens':1},'id'"));
        feed(STOP.replace("'id'", "'usage':{'prompt_tokens':1,'completion_tokens':7},'id'"));
        feed(USAGE.replace('1', '0').replace('2', '0').replace('3', '0'), "[DONE]");

        assertThat(usage().output()).isEqualTo(7);
    }

    @Test
    void aStreamCutAfterTheFinishReasonIsComplete() {
        feed(TEXT, STOP);
        pump.end();

        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(completed().model()).isEqualTo("m-1");
        assertThat(completed().providerResponseId()).isEqualTo("c-1");
    }

    @Test
    void usageBeforeTheFinishReasonOfACutStreamIsPartial() {
        feed(TEXT.replace("'id'", "'usage':{'prompt_tokens':1},'id'"), STOP);
        pump.end();

        assertThat(completed().usage()).isNull();
        assertThat(provenance()).isEqualTo(Provenance.PARTIAL);
    }

    @Test
    void usageBeforeTheFinishReasonIsTheLastWordOfAProviderThatIsDone() {
        feed(TEXT.replace("'id'", "'usage':{'prompt_tokens':1},'id'"), STOP, "[DONE]");

        assertThat(provenance()).isEqualTo(Provenance.PROVIDER);
    }

    @Test
    void withoutAFinishReasonTheEndOfBytesIsNoEnd() {
        feed(TEXT, USAGE, CALL);
        pump.end();

        assertThat(((Failed) last()).code()).isEqualTo("connection_lost");
        assertThat(bodies()).noneMatch(ToolCall.class::isInstance);
        assertThat(provenance()).isEqualTo(Provenance.PARTIAL);
    }

    @Test
    void doneWithoutAFinishReasonIsAnEnd() {
        feed(TEXT, CALL, USAGE, "[DONE]");

        assertThat(completed())
                .extracting(Completed::outcome, Completed::finishReason)
                .containsExactly(Outcome.COMPLETE, "other");
        assertThat(bodies()).anyMatch(ToolCall.class::isInstance);
    }

    @Test
    void doneWithoutAnythingIsAgainstTheProtocol() {
        feed("{'id':'c-1','choices':[{'index':0,'delta':{'role':'assistant'}}]}", "[DONE]");

        assertThat(((Failed) last()).code()).isEqualTo("protocol_error");
    }

    @Test
    void aFinishReasonWithoutAnythingElseIsAnEnd() {
        feed(STOP.replace("stop", "length"), "[DONE]");

        assertThat(completed().finishReason()).isEqualTo("length");
    }

    @Test
    void contentAfterTheFinishReasonIsNotLostAndLiftsTheWait() {
        feed(CALL.replace("{}", "{"), STOP, TEXT);
        feed(
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}}]}");

        assertThat(pump.normaliser().holding()).isEmpty();
        pump.end();
        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(bodies())
                .filteredOn(ToolCall.class::isInstance)
                .extracting(body -> ((ToolCall) body).input())
                .containsExactly("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'null'", "null"})
    void aFinishReasonThatSaysNothingIsNone(String word) {
        feed(TEXT, STOP.replace("'stop'", word));

        assertThat(pump.normaliser().holding()).isEmpty();
    }

    @Test
    void theLastOfSeveralFinishReasonsCounts() {
        feed(TEXT, STOP, STOP.replace("stop", "content_filter"), STOP.replace("'stop'", "null"));
        feed("[DONE]");

        assertThat(completed().finishReason()).isEqualTo("content_filter");
    }

    @Test
    void anOlderFormOfTheFinishReasonIsRead() {
        feed(
                TEXT,
                STOP.replace("'finish_reason':'stop'", "'finish_details':{'type':'max_tokens'}"));
        pump.end();

        assertThat(completed().finishReason()).isEqualTo("length");
    }

    @Test
    void whatALimitCutOffIsWhatCameLast() {
        feed(TEXT, CALL, CALL.replace("'index':0,'id':'a'", "'index':1,'id':'b'"));
        feed(STOP.replace("stop", "length"), "[DONE]");

        assertThat(bodies())
                .filteredOn(ToolCall.class::isInstance)
                .extracting(body -> ((ToolCall) body).callId())
                .containsExactly("a");
        assertThat(bodies())
                .filteredOn(ItemCompleted.class::isInstance)
                .extracting(body -> ((ItemCompleted) body).status())
                .containsExactly(ItemStatus.COMPLETED, ItemStatus.COMPLETED, ItemStatus.INCOMPLETE);
    }

    @Test
    void severalChoicesEndTogether() {
        var second = TEXT.replace("'index':0", "'index':1");
        feed(TEXT, second, STOP);
        assertThat(pump.normaliser().holding()).isEmpty();

        feed(STOP.replace("'index':0", "'index':1").replace("stop", "length"));
        assertThat(pump.normaliser().holding()).isPresent();
        pump.end();

        assertThat(completed())
                .extracting(Completed::outcome, Completed::finishReason)
                .containsExactly(Outcome.INCOMPLETE, "length");
        assertThat(completed().finishReasons())
                .extracting(
                        reason -> reason.path("choiceIndex").asInt(),
                        reason -> reason.path("finishReason").asText())
                .containsExactly(tuple(0, "stop"), tuple(1, "length"));
    }

    @Test
    void aChoiceThatWasAskedForIsWaitedFor() {
        var two = new Pump(new ChatApi(), ProviderJson.object("{\"n\":2}").orElseThrow());
        two.frame(json(TEXT));
        two.frame(json(STOP));

        assertThat(two.normaliser().holding()).isEmpty();
        assertThat(two.end().drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void anErrorAfterTheFinishReasonIsAnError() {
        feed(CALL, STOP, "{'error':{'code':400,'message':'Token limit reached'},'choices':[]}");

        assertThat((Failed) last())
                .extracting(Failed::code, Failed::providerCode, Failed::partial)
                .containsExactly("invalid_request", "400", true);
        assertThat(bodies()).noneMatch(ToolCall.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {'message':'Gone.'}\n\n",
                "event: error\ndata: 'Gone.'\n\n",
                "event: error\ndata: Gone.\n\n",
                "data: {'error':'Gone.'}\n\n",
                "data: {'type':'error','error':{'message':'Gone.'}}\n\n",
                "data: [{'error':{'message':'Gone.'}}]\n\n",
                "error: {'detail':'x','error':{'message':'Gone.'}}\n\n",
                "{'error':{'message':'Gone.'}}\n",
                "data: {'error':{'message':'Gone.'}}"
            })
    void anErrorIsHeardHoweverItIsPut(String wire) {
        feed(TEXT);
        var bytes = json(wire).getBytes(StandardCharsets.UTF_8);
        pump.bytes(bytes, 0, bytes.length).end();

        assertThat((Failed) last())
                .extracting(Failed::code, Failed::message, Failed::partial)
                .containsExactly("provider_error", "Gone.", true);
    }

    @Test
    void aReportOnThePromptIsNoPartOfAnAnswer() {
        feed(
                "{'choices':[],'prompt_filter_results':[{'content_filter_results':{'hate':{'filtered':true}}}]}");
        feed("{'error':{'code':'content_filter','message':'No.'}}");

        assertThat((Failed) last())
                .extracting(Failed::code, Failed::partial)
                .containsExactly("content_blocked", false);
    }

    @Test
    void aWholeAnswerIsReadLikeAStream() {
        var answer =
                """
                {"id":"c-1","object":"chat.completion","model":"m-1","service_tier":"default","choices":[
                  {"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"Hm.",
                    "annotations":[],"tool_calls":[
                      {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                      {"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}],
                    "images":[{"image_url":{"url":"data:image/png;base64,AAAA"}},{"image_url":{"url":"data:image/png;base64,AAAA"}}]},
                   "logprobs":null,"finish_reason":"tool_calls"},
                  {"index":1,"message":{"role":"assistant","content":"Ho"},"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
                """;
        var drafts = pump.normaliser().whole(ProviderJson.object(answer).orElseThrow());

        assertThat(drafts)
                .extracting(draft -> EventType.nameOf(draft.body()))
                .containsExactly(
                        "stream.status",
                        "item.started",
                        "reasoning.delta",
                        "item.started",
                        "text.delta",
                        "item.started",
                        "image.snapshot",
                        "image.snapshot",
                        "item.started",
                        "tool.delta",
                        "item.started",
                        "tool.delta",
                        "item.started",
                        "text.delta",
                        "content.completed",
                        "item.completed",
                        "content.completed",
                        "item.completed",
                        "item.completed",
                        "tool.call",
                        "item.completed",
                        "tool.call",
                        "item.completed",
                        "content.completed",
                        "item.completed",
                        "stream.completed");
        assertThat(((Completed) drafts.getLast().body()).usage()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'choices':[]}", "{'object':'list','data':[]}"})
    void whatIsNoFinishedAnswerIsNothing(String answer) {
        assertThat(pump.normaliser().whole(ProviderJson.object(json(answer)).orElseThrow()))
                .isEmpty();
    }

    @Test
    void cancelledWhileItWaitsItSendsNoCall() {
        feed(CALL, STOP, USAGE);

        var said = pump.normaliser().end(Failed.of(ErrorCode.ABORTED, "x", true));

        assertThat(said).extracting(Draft::body).noneMatch(ToolCall.class::isInstance);
        assertThat(said).extracting(Draft::body).anyMatch(UsageUpdated.class::isInstance);
    }

    private void feed(String... frames) {
        for (var frame : frames) {
            pump.accept(new SseSignal.Frame(SseFrame.of(json(frame))));
        }
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private Provenance provenance() {
        var fold = new ResponseFold();
        StreamRules.check(pump.events());
        pump.events().forEach(event -> fold.add(1, event));
        return fold.usageRow().orElseThrow().provenance();
    }

    private Completed completed() {
        StreamRules.check(pump.events());
        return (Completed) last();
    }

    private Usage usage() {
        return Objects.requireNonNull(completed().usage(), "usage");
    }

    private EventBody last() {
        return pump.drafts().getLast().body();
    }

    private List<EventBody> bodies() {
        return pump.drafts().stream().map(Draft::body).toList();
    }
}
