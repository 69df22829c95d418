package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The odd shapes of Google's streams, by name. */
class GenerateDialectTest extends GenerateStream {
    @ParameterizedTest
    @CsvSource({
        "STOP, complete, stop",
        "stop, complete, stop",
        "MAX_TOKENS, incomplete, length",
        "SAFETY, incomplete, content_filter",
        "RECITATION, incomplete, content_filter",
        "LANGUAGE, incomplete, content_filter",
        "BLOCKLIST, incomplete, content_filter",
        "PROHIBITED_CONTENT, incomplete, content_filter",
        "SPII, incomplete, content_filter",
        "MODEL_ARMOR, incomplete, content_filter",
        "IMAGE_SAFETY, incomplete, content_filter",
        "IMAGE_PROHIBITED_CONTENT, incomplete, content_filter",
        "IMAGE_RECITATION, incomplete, content_filter",
        "IMAGE_OTHER, incomplete, content_filter",
        "MALFORMED_FUNCTION_CALL, incomplete, malformed_tool_call",
        "UNEXPECTED_TOOL_CALL, incomplete, malformed_tool_call",
        "TOO_MANY_TOOL_CALLS, incomplete, malformed_tool_call",
        "NO_IMAGE, incomplete, other",
        "OTHER, incomplete, other",
        "NEW_REASON, incomplete, other"
    })
    void endsAsItsFinishReasonSays(String word, String outcome, String reason) {
        say(TEXT, STOP.replace("STOP", word)).end();

        assertThat(completed().outcome().wire()).isEqualTo(outcome);
        assertThat(completed().finishReason()).isEqualTo(reason);
        assertThat(completed().providerFinishReason()).isEqualTo(word.toUpperCase(Locale.ROOT));
    }

    @Test
    void takesTheNumberOfAFinishReasonForItsWord() {
        say(TEXT, "{'candidates':[{'finishReason':1}]}").end();

        assertThat(completed().finishReason()).isEqualTo("stop");
        assertThat(completed().providerFinishReason()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'FINISH_REASON_UNSPECIFIED'", "0"})
    void aReasonThatSaysNothingIsNone(String reason) {
        say(TEXT, STOP.replace("'STOP'", reason)).end();

        assertThat(failed().code()).isEqualTo("connection_lost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'BLOCK_REASON_UNSPECIFIED'", "'BLOCKED_REASON_UNSPECIFIED'", "0"})
    void aPromptThatIsBlockedForNoReasonIsNotBlocked(String reason) {
        say("{'promptFeedback':{'blockReason':" + reason + "}}", TEXT, STOP).end();

        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'OUTCOME_OK'", "1", "'OUTCOME_UNSPECIFIED'", "0"})
    void aToolOfWhichNoFailureIsSaidHasNotFailed(String outcome) {
        say(
                "{'candidates':[{'content':{'parts':[{'codeExecutionResult':{'outcome':%s}}]}}]}"
                        .formatted(outcome));

        assertThat(said(ToolResult.class))
                .singleElement()
                .satisfies(result -> assertThat(result.isError()).isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'URL_RETRIEVAL_STATUS_SUCCESS'", "1"})
    void aPageThatCouldBeReadIsASource(String status) {
        say(
                TEXT,
                "{'candidates':[{'urlContextMetadata':{'urlMetadata':[{'retrievedUrl':'https://a.example','urlRetrievalStatus':%s}]}}]}"
                        .formatted(status));

        assertThat(said(CitationAdded.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'0'", "0.9", "-1", "null", "99999999999"})
    void aPassageOfASourceThatIsNoneSupportsNoOther(String index) {
        say(
                TEXT,
                "{'candidates':[{'groundingMetadata':{'groundingChunks':[{'web':{'uri':'https://a.example'}}],'groundingSupports':[{'segment':{'endIndex':2},'groundingChunkIndices':[%s]}]}}]}"
                        .formatted(index));

        assertThat(said(CitationAdded.class))
                .singleElement()
                .satisfies(added -> assertThat(added.citation().endIndex()).isNull());
    }

    @Test
    void theEndOfTheBytesBeforeAFinishReasonIsALostConnection() {
        say("{'usageMetadata':{'promptTokenCount':3}}", TEXT).end();

        assertThat(failed().code()).isEqualTo("connection_lost");
        assertThat(failed().partial()).isTrue();
        assertThat(said(UsageUpdated.class))
                .singleElement()
                .satisfies(update -> assertThat(update.usage().input()).isEqualTo(3));
    }

    @Test
    void waitsForUsageAfterTheLastFinishReasonAndNoLonger() {
        assertThat(say(TEXT).normaliser().holding()).isEmpty();
        assertThat(say(STOP).normaliser().holding()).contains(Duration.ofSeconds(2));

        say(
                "{'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':4,'totalTokenCount':7}}");
        var last = pump.normaliser().holdExpired().getLast().body();

        assertThat(last)
                .isInstanceOfSatisfying(
                        Completed.class,
                        end -> assertThat(requireNonNull(end.usage()).total()).isEqualTo(7));
    }

    @Test
    void doesNotWaitForUsageWhileMoreMayBeSaid() {
        /* Older models state a reason on each chunk. */
        say(TEXT.replace("}]}}]}", "}]},'finishReason':'STOP'}]}"));
        assertThat(pump.normaliser().holding()).isPresent();

        say(TEXT.replace("}]}}]}", "}]},'finishReason':'STOP'}]}"));

        assertThat(pump.normaliser().holding()).isEmpty();
        pump.end();
        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(pump.response().items().getFirst().content().getFirst().text())
                .isEqualTo("HiHi");
    }

    @Test
    void whatIsSaidAfterAFinishReasonNeedsAnother() {
        say(TEXT, STOP, TEXT).end();

        assertThat(failed().code()).isEqualTo("connection_lost");
    }

    @Test
    void waitsForAsManyCandidatesAsWereAskedFor() {
        var request = ProviderJson.newObject();
        request.putObject("generationConfig").put("candidateCount", 2);
        var two = say(new Pump(new GenerateApi(), request), TEXT, STOP);
        assertThat(two.normaliser().holding()).isEmpty();

        say(two, "{'candidates':[{'index':1,'finishReason':'MAX_TOKENS'}]}");

        assertThat(two.normaliser().holding()).isPresent();
    }

    @Test
    void anErrorAmongTheChunksFails() {
        say(
                TEXT,
                "{'error':{'code':503,'message':'The model is overloaded.','status':'UNAVAILABLE'}}");

        assertThat(failed())
                .extracting(Failed::code, Failed::providerCode, Failed::partial, Failed::retryable)
                .containsExactly("provider_overloaded", "UNAVAILABLE", true, true);
    }

    @Test
    void anErrorInAnArrayFails() {
        say("[{'error':{'code':429,'message':'Slow.','status':'RESOURCE_EXHAUSTED'}}]");

        assertThat(failed())
                .extracting(Failed::code, Failed::message, Failed::partial)
                .containsExactly("rate_limited", "Slow.", false);
    }

    @Test
    void anErrorPrintedOverSeveralLinesBetweenTheEventsFails() {
        var stream =
                "data: %s\r\n\r\n{\r\n  'error': {\r\n    'code': 499,\r\n    'message': 'Cancelled.',\r\n    'status': 'CANCELLED'\r\n  }\r\n}"
                        .formatted(STOP)
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8);

        pump.bytes(stream, 0, stream.length).end();

        assertThat(failed())
                .extracting(Failed::code, Failed::providerCode)
                .containsExactly("provider_error", "CANCELLED");
    }

    @Test
    void aBlockedPromptFails() {
        say(
                "{'promptFeedback':{'blockReason':'PROHIBITED_CONTENT','blockReasonMessage':'No.'},'usageMetadata':{'promptTokenCount':9,'totalTokenCount':9}}");

        assertThat(failed())
                .extracting(
                        Failed::code,
                        Failed::message,
                        Failed::providerCode,
                        Failed::partial,
                        Failed::retryable)
                .containsExactly("content_blocked", "No.", "PROHIBITED_CONTENT", false, false);
        assertThat(requireNonNull(failed().usage()).input()).isEqualTo(9);
    }

    @Test
    void aBlockedPromptOfWhichNoMoreIsSaidFails() {
        say("{'promptFeedback':{'blockReason':2}}");

        assertThat(failed())
                .extracting(Failed::code, Failed::message, Failed::providerCode)
                .containsExactly("content_blocked", "The provider blocked the prompt.", "2");
    }

    @Test
    void theEndMarkerEndsWhatHasBeenSaid() {
        say(TEXT, "[DONE]");

        assertThat(completed().finishReason()).isEqualTo("other");
        assertThat(completed().outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void theEndMarkerAfterNothingIsNoEnd() {
        say("[DONE]");

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @Test
    void candidatesWithoutAnIndexAreInOrder() {
        say("{'candidates':[{'content':{'parts':[{'text':'A'}]},'finishReason':'STOP'},{'content':{'parts':[{'text':'B'}]},'finishReason':'STOP'}]}")
                .end();

        completed();
        assertThat(pump.response().items())
                .extracting(item -> item.choiceIndex(), item -> item.content().getFirst().text())
                .containsExactly(tuple(null, "A"), tuple(1, "B"));
    }

    @Test
    void audioThatIsNoBase64EndsTheStream() {
        say(
                "{'candidates':[{'content':{'parts':[{'inlineData':{'mimeType':'audio/wav','data':'***'}}]}}]}");

        assertThat(failed().code()).isEqualTo("protocol_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'candidates':null}",
                "{'candidates':[]}",
                "{'candidates':[null]}",
                "{'candidates':['x']}",
                "{'candidates':{'a':1}}",
                "{'candidates':[{'content':null}]}",
                "{'candidates':[{'content':{'parts':null}}]}",
                "{'candidates':[{'content':{'parts':[null,'x',{},[]]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':null},{'text':7},{'functionCall':null}]}}]}",
                "{'candidates':[{'content':{'parts':[{'thought':true},{'videoMetadata':{}}]}}]}",
                "{'candidates':[{'groundingMetadata':{},'citationMetadata':{},'urlContextMetadata':{}}]}",
                "{'candidates':[{'groundingMetadata':{'groundingChunks':[],'groundingSupports':[{}]}}]}",
                "{'candidates':[{'citationMetadata':{'citationSources':['x',7,null]}}]}",
                "{'usageMetadata':null,'promptFeedback':{}}",
                "{'usageMetadata':7,'promptFeedback':'x'}"
            })
    void whatSaysNothingGivesNothing(String chunk) {
        say(TEXT);
        int before = pump.drafts().size();

        say(chunk);

        assertThat(pump.drafts()).hasSize(before);
    }

    @Test
    void usageBeyondWhatANumberHoldsIsNone() {
        say(
                TEXT,
                "{'usageMetadata':{'promptTokenCount':9223372036854775807,'toolUsePromptTokenCount':9223372036854775807,'totalTokenCount':-1,'candidatesTokenCount':2}}",
                STOP);
        pump.end();

        assertThat(completed().usage())
                .satisfies(usage -> {
                    assertThat(usage.input()).isNull();
                    assertThat(usage.output()).isEqualTo(2);
                    assertThat(usage.total()).isNull();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"%1$s,%1$s", "%1$s,%1$s,%2$s", "%2$s,%1$s"})
    void detailsOfUsageBeyondWhatANumberHoldsAreNone(String details) {
        var most = "{'modality':'TEXT','tokenCount':9223372036854775807}";
        var one = "{'modality':'TEXT','tokenCount':1}";
        say(
                TEXT,
                "{'usageMetadata':{'promptTokensDetails':[%s],'candidatesTokensDetails':[%s],'candidatesTokenCount':2}}"
                        .formatted(details.formatted(most, one), most),
                STOP);
        pump.end();

        assertThat(completed().usage())
                .satisfies(usage -> {
                    assertThat(usage.textInput()).isNull();
                    assertThat(usage.textOutput()).isEqualTo(Long.MAX_VALUE);
                });
    }

    @Test
    void whatIsPassedOnVerbatimIsWhatWasSaid() {
        say(
                "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f','args':{'a':{'b':1}},'partialArgs':[{'jsonPath':'$.a.c','numberValue':2}]}},{'new':1}]}}]}");

        assertThat(said(ToolCall.class))
                .extracting(ToolCall::input)
                .containsExactly("{\"a\":{\"b\":1,\"c\":2}}");
        assertThat(said(ProviderEvent.class))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.data()).asString().contains("\"args\":{\"a\":{\"b\":1}}"));
    }

    @Test
    void aWholeAnswerIsReadAsOne() {
        var answer = ProviderJson.object(CALL.formatted(STOPPED).replace('\'', '"')).orElseThrow();

        var drafts = pump.normaliser().whole(answer);

        assertThat(drafts).extracting(Draft::body).hasAtLeastOneElementOfType(ToolCall.class);
        assertThat(drafts.getLast().body())
                .isInstanceOfSatisfying(
                        Completed.class,
                        end -> assertThat(end.finishReason()).isEqualTo("tool_calls"));
    }

    @Test
    void aWholeAnswerMayBeThatThePromptIsBlocked() {
        var answer =
                ProviderJson.object("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}")
                        .orElseThrow();

        assertThat(pump.normaliser().whole(answer).getLast().body()).isInstanceOf(Failed.class);
    }

    @Test
    void whatIsNoAnswerIsNone() {
        assertThat(pump.normaliser().whole(ProviderJson.newObject().put("object", "response")))
                .isEmpty();
        assertThat(pump.normaliser().ended()).isFalse();
    }
}
