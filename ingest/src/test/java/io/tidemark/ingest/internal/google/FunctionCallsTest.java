package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of Google's models, whole and in pieces. */
class FunctionCallsTest extends GenerateStream {
    @Test
    void endsWithCallsForTheClient() {
        say(CALL.formatted(STOPPED)).end();

        assertThat(completed().finishReason()).isEqualTo("tool_calls");
    }

    @Test
    void waitsForTheAnswerOfAServerThatTheProviderCalls() {
        var request =
                ProviderJson.object("{\"tools\":[{\"mcpServers\":[{\"name\":\"w\"}]}]}")
                        .orElseThrow();
        var mcp = say(new Pump(new GenerateApi(), request), CALL.formatted(STOPPED));
        assertThat(mcp.normaliser().holding()).isEmpty();

        say(
                mcp,
                "{'candidates':[{'content':{'parts':[{'functionResponse':{'name':'w_get','response':{'b':2}}}]}}]}",
                TEXT,
                STOP);
        mcp.end();

        StreamRules.check(mcp.events());
        assertThat(mcp.drafts().stream().map(Draft::body).filter(ToolCall.class::isInstance))
                .singleElement()
                .satisfies(call -> {
                    assertThat(((ToolCall) call).executor()).isEqualTo(Executor.MCP);
                    assertThat(((ToolCall) call).serverLabel()).isEqualTo("w");
                });
        assertThat(((Completed) mcp.drafts().getLast().body()).finishReason()).isEqualTo("stop");
    }

    @Test
    void aCallThatTheProviderAnswersIsNotLeftToTheClient() {
        say(
                        CALL.formatted(STOPPED),
                        "{'candidates':[{'content':{'parts':[{'functionResponse':{'name':'w_get','response':{'error':'x'}}}]}}]}",
                        TEXT,
                        STOP)
                .end();

        assertThat(completed().finishReason()).isEqualTo("stop");
        assertThat(pump.response().items().get(1).results())
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.callId()).isEqualTo("call_0");
                    assertThat(result.isError()).isTrue();
                });
    }

    @Test
    void callsOfSeveralCandidatesHaveIdsOfTheirOwn() {
        say(
                        CALL.formatted(STOPPED),
                        "{'candidates':[{'index':2,'content':{'parts':[{'text':'x'},{'functionCall':{'name':'g'}}]},'finishReason':'STOP'}]}")
                .end();

        assertThat(said(ToolCall.class))
                .extracting(ToolCall::callId, ToolCall::name, ToolCall::input)
                .containsExactly(
                        tuple("call_0", "w_get", "{\"a\":1}"), tuple("call_2_1", "g", "{}"));
        assertThat(completed().finishReasons()).hasSize(2);
    }

    @Test
    void aStreamedCallIsWholeWhenItIsNotContinued() {
        say(
                PIECE.formatted("{'name':'f','id':'c1','willContinue':true}"),
                PIECE.formatted(
                        "{'id':'c1','partialArgs':[{'jsonPath':'$.a','stringValue':'x','willContinue':true}],'willContinue':true}"));
        assertThat(said(ToolCall.class)).isEmpty();

        say(PIECE.formatted("{'id':'c1','partialArgs':[{'jsonPath':'$.a','stringValue':'y'}]}"));

        assertThat(said(ToolCall.class))
                .extracting(ToolCall::callId, ToolCall::input)
                .containsExactly(tuple("c1", "{\"a\":\"xy\"}"));
    }

    @Test
    void streamedCallsMayInterleaveByTheirIds() {
        say(
                PIECE.formatted("{'name':'f','id':'c1','willContinue':true}"),
                PIECE.formatted("{'name':'g','id':'c2','willContinue':true}"),
                PIECE.formatted(
                        "{'id':'c1','partialArgs':[{'jsonPath':'$.a','numberValue':1.50}],'willContinue':true}"),
                PIECE.formatted(
                        "{'id':'c2','partialArgs':[{'jsonPath':'$.b','boolValue':false}],'willContinue':true}"),
                PIECE.formatted("{'id':'c2'}"),
                PIECE.formatted("{'id':'c1'}"),
                STOP);
        pump.end();

        completed();
        assertThat(said(ToolCall.class))
                .extracting(ToolCall::name, ToolCall::input)
                .containsExactly(tuple("g", "{\"b\":false}"), tuple("f", "{\"a\":1.50}"));
    }

    @Test
    void aPieceThatRepeatsTheNameGoesOn() {
        say(
                PIECE.formatted("{'name':'f','willContinue':true}"),
                PIECE.formatted(
                        "{'name':'f','partialArgs':[{'jsonPath':'$.a','stringValue':'x'}],'willContinue':true}"),
                PIECE.formatted("{}"),
                STOP);
        pump.end();

        completed();
        assertThat(said(ToolCall.class))
                .extracting(ToolCall::input)
                .containsExactly("{\"a\":\"x\"}");
    }

    @Test
    void aTextThatIsEmptyIsAnArgument() {
        say(
                PIECE.formatted("{'name':'f','willContinue':true}"),
                PIECE.formatted(
                        "{'partialArgs':[{'jsonPath':'$.a','stringValue':''}],'willContinue':true}"),
                PIECE.formatted("{}"));

        assertThat(said(ToolCall.class))
                .extracting(ToolCall::input)
                .containsExactly("{\"a\":\"\"}");
    }

    @Test
    void aCallThatIsWholeButForItsEndIsSentWhenTheAnswerEndsWell() {
        say(
                PIECE.formatted("{'name':'f','willContinue':true}"),
                PIECE.formatted(
                        "{'partialArgs':[{'jsonPath':'$.a','numberValue':1}],'willContinue':true}"),
                STOP);
        pump.end();

        assertThat(said(ToolCall.class)).extracting(ToolCall::input).containsExactly("{\"a\":1}");
        assertThat(completed().finishReason()).isEqualTo("tool_calls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAX_TOKENS", "MALFORMED_FUNCTION_CALL"})
    void aCallThatWasCutOffIsNeverSent(String reason) {
        say(
                PIECE.formatted("{'name':'f','willContinue':true}"),
                PIECE.formatted(
                        "{'partialArgs':[{'jsonPath':'$.a','numberValue':1}],'willContinue':true}"),
                STOP.replace("STOP", reason));
        pump.end();

        completed();
        assertThat(said(ToolCall.class)).isEmpty();
        assertThat(said(ItemCompleted.class))
                .extracting(ItemCompleted::status)
                .containsExactly(ItemStatus.INCOMPLETE);
    }

    @Test
    void aCallWhoseTextWasCutOffIsNeverSent() {
        say(
                PIECE.formatted("{'name':'f','willContinue':true}"),
                PIECE.formatted(
                        "{'partialArgs':[{'jsonPath':'$.a','stringValue':'x','willContinue':true}],'willContinue':true}"),
                STOP);
        pump.end();

        completed();
        assertThat(said(ToolCall.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'partialArgs':[{'stringValue':'x'}]}",
                "{'partialArgs':[{'jsonPath':'nowhere','stringValue':'x'}]}",
                "{'partialArgs':[{'jsonPath':'$.a','numberValue':1},{'jsonPath':'$.a.b','numberValue':1}]}"
            })
    void argumentsThatFitNowhereEndTheStream(String piece) {
        say(PIECE.formatted("{'name':'f','willContinue':true}"), PIECE.formatted(piece));

        assertThat(failed().code()).isEqualTo("protocol_error");
        assertThat(said(ToolCall.class)).isEmpty();
    }

    @Test
    void aPieceOfNoCallIsPassedOn() {
        say(PIECE.formatted("{}"), PIECE.formatted("{'willContinue':true}"));

        assertThat(said(ProviderEvent.class))
                .extracting(ProviderEvent::providerType)
                .containsExactly("functionCall", "functionCall");
    }
}
