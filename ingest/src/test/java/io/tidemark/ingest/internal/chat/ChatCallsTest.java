package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.stream.Collectors.joining;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Which pieces make which calls, whatever a server tells them apart by. */
class ChatCallsTest {
    private final Pump pump = new Pump(new ChatApi());

    /* Pieces: what one delta holds, as name(arguments) with #index and @id where it has them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "by index and id | f#0@a:{ ; #0:} | a f {}",
                "two in turns | f#0@a:{ ; g#1@b:{ ; #0:} ; #1:} | a f {}, b g {}",
                "two in one delta | f#0@a:{} & g#1@b:{} | a f {}, b g {}",
                "no index | f@a:{} & f@b:{} | a f {}, b f {}",
                "no index, in pieces | f@a:{ ; :} ; g@b:{ ; :} | a f {}, b g {}",
                "neither id nor index, in one delta | f:{} & f:{} | - f {}, - f {}",
                "neither id nor index, in turn | f:{} ; f:{} | - f {}, - f {}",
                "neither id nor index, in pieces | f:{ ; :} ; g:{ ; :} | - f {}, - g {}",
                "one index for all | f#0@a:{} ; g#0@b:{} | a f {}, b g {}",
                "one index for all and no ids | f#0:{} ; f#0:{} | - f {}, - f {}",
                "one index for all and no ids, in one delta | f#0: & g#0: | - f , - g ",
                "one id for all | f#0@a:{} ; f#1@a:{} | a f {}, a f {}",
                "the id in each piece | f#0@a:{ ; #0@a:} | a f {}",
                "a new id with each piece | f#0@a:{ ; #0@b:1 ; #0@c:} | a f {1}",
                "a new id with each piece and no index | f@a:{ ; @b:} | a f {}",
                "the id comes late | f#0:{ ; #0@a:} | a f {}",
                "the name with each piece | f#0@a:{ ; f#0@a:} | a f {}",
                "the name with each piece and no id | f#0:{ ; f#0:1 ; f#0:} | - f {1}",
                "the name in pieces | get_#0@a: ; weather#0:{} | a get_weather {}",
                "the name grows | get_#0@a: ; get_weather#0@a:{} | a get_weather {}",
                "the name comes late | #0@a: ; f#0:{} | a f {}",
                "another name under the same index | f#0:{} ; g#0:{} | - f {}, - g {}",
                "no arguments | f#0@a: | a f ",
                "indexes from one | f#1@a:{ ; #1:} | a f {}",
                "all of it once more | f#0@a:{ ; #0:} ; f#0@a:{} | a f {}"
            })
    void aPieceFindsItsCall(String about, String pieces, String calls) {
        for (var delta : pieces.split(" ; ", -1)) {
            pump.frame(chunk(List.of(delta.split(" & ", -1))));
        }
        pump.frame("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}");

        assertThat(calls().stream().map(ChatCallsTest::brief).collect(joining(", ")))
                .as(about)
                .isEqualTo(calls.replace(" ,", ","));
        assertThat(pump.drafts()).noneMatch(draft -> draft.body() instanceof Warning);
    }

    @Test
    void argumentsThatAreAnObjectAreWrittenOut() {
        pump.frame(
                call(
                        "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1.50}}}"));

        assertThat(calls()).extracting(ToolCall::input).containsExactly("{\"a\":1.50}");
    }

    @Test
    void anEmptyObjectAnnouncesArgumentsOrStandsForNone() {
        pump.frame(
                call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{}}}"));
        pump.frame(
                call("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":{}}}"));
        pump.frame(call("{\"index\":1,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}"));

        assertThat(calls()).extracting(ToolCall::input).containsExactly("{}", "{\"a\":1}");
    }

    @Test
    void aCustomCallHasText() {
        pump.frame(
                call(
                        "{\"index\":0,\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"free\"}}"));
        pump.frame(call("{\"index\":0,\"custom\":{\"input\":\" text\"}}"));

        assertThat(calls())
                .extracting(ToolCall::input, ToolCall::inputKind, ToolCall::executor)
                .containsExactly(tuple("free text", InputKind.TEXT, Executor.CLIENT));
    }

    @Test
    void aFunctionCallIsACallWithoutAnId() {
        for (var piece : List.of("{\"name\":\"f\",\"arguments\":\"{\"}", "{\"arguments\":\"}\"}")) {
            pump.frame("{\"choices\":[{\"index\":0,\"delta\":{\"function_call\":" + piece + "}}]}");
        }

        assertThat(calls().stream().map(ChatCallsTest::brief)).containsExactly("- f {}");
    }

    @Test
    void aThoughtSignatureIsTheCalls() {
        pump.frame(
                call(
                        "{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":{\"thought_signature\":\"s1\"}}}"));
        pump.frame(
                call(
                        "{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"provider_specific_fields\":{\"thought_signature\":\"s2\"}}"));

        assertThat(calls()).extracting(ToolCall::signature).containsExactly("s1", "s2");
    }

    @Test
    void whoHasNoNameIsNotCalled() {
        pump.frame(call("{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}"));

        assertThat(calls()).isEmpty();
    }

    @Test
    void callsOfDifferentChoicesMayShareAnId() {
        var call =
                call(
                        "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
        pump.frame(call);
        pump.frame(call.replace("{\"index\":0,\"delta\"", "{\"index\":1,\"delta\""));

        assertThat(calls().stream().map(ChatCallsTest::brief)).containsExactly("a f {}", "a f {}");
    }

    private List<ToolCall> calls() {
        pump.frame("[DONE]");
        StreamRules.check(pump.events());
        return pump.drafts().stream()
                .map(Draft::body)
                .filter(ToolCall.class::isInstance)
                .map(ToolCall.class::cast)
                .toList();
    }

    private static String brief(ToolCall call) {
        var id = call.callId() == null ? "-" : call.callId();
        return (id + " " + call.name() + " " + call.input()).strip();
    }

    private static String call(String element) {
        return "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + element + "]}}]}";
    }

    private static String chunk(List<String> pieces) {
        return call(String.join(",", pieces.stream().map(ChatCallsTest::element).toList()));
    }

    private static String element(String piece) {
        var input = piece.substring(piece.indexOf(':') + 1).strip();
        var head = piece.substring(0, piece.indexOf(':'));
        var id = head.contains("@") ? head.substring(head.indexOf('@') + 1) : "";
        var place = head.contains("@") ? head.substring(0, head.indexOf('@')) : head;
        var index = place.contains("#") ? place.substring(place.indexOf('#') + 1) : "";
        var name = place.contains("#") ? place.substring(0, place.indexOf('#')) : place;
        return "{"
                + (index.isEmpty() ? "" : "\"index\":" + index + ",")
                + (id.isEmpty() ? "" : "\"id\":\"" + id + "\",")
                + "\"function\":{"
                + (name.isBlank() ? "" : "\"name\":\"" + name.strip() + "\",")
                + "\"arguments\":\""
                + input
                + "\"}}";
    }
}
