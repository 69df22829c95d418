package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.Response.Part;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.OutputStream;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolResult;
import io.tidemark.schemas.ToolBody.ToolStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

/** What the items of a response are made of; how it went is in {@link ResponseOutcomeTest}. */
class ResponseFoldTest {
    private static final String SHA_256_OF_HELLO =
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @Test
    void isEmptyBeforeTheFirstEvent() {
        assertThat(new ResponseFold().response()).isEmpty();
        assertThat(new ResponseFold().usageRow()).isEmpty();
    }

    @Test
    void canBeWrittenAndReadHoweverDeepTheEventsNest() {
        var output = nested(Json.DEPTH_MAX - 1);
        ObjectNode raw = Json.MAPPER.createObjectNode().set("a", nested(Json.DEPTH_MAX - 3));
        var citation = new Citation("url", null, null, null, null, null, null, null, raw);
        var response =
                readBack(
                                readBack(
                                        FoldedStream.started(),
                                        new ToolResult("t", null, output, null, false, null)),
                                new CitationAdded(null, citation))
                        .response();

        byte[] json = ResponseCodec.encode(response);

        assertThat(ResponseCodec.decode(json)).isEqualTo(response);
    }

    private static FoldedStream readBack(FoldedStream stream, EventBody body) {
        var event = new StreamEvent(FoldedStream.ID, 1, 0, Placement.content(0, 0, null), body);
        return stream.say(0, 0, EventCodec.decode(EventCodec.encode(event)).body());
    }

    private static JsonNode nested(int depth) {
        JsonNode nested = Json.MAPPER.createArrayNode();
        for (int level = 1; level < depth; level++) {
            nested = Json.MAPPER.createArrayNode().add(nested);
        }
        return nested;
    }

    @Test
    void joinsTheTextOfEachPartAndKeepsPartsInOrder() {
        var item =
                FoldedStream.started()
                        .say(0, item(Item.MESSAGE))
                        .text(0, 1, "second ")
                        .text(0, 0, "first ")
                        .text(0, 1, "part")
                        .text(0, 0, "part")
                        .item(0);

        assertThat(item.content())
                .extracting(Part::contentIndex, Part::type, Part::text)
                .containsExactly(tuple(0, "text", "first part"), tuple(1, "text", "second part"));
    }

    @Test
    void keepsItemsInOrderOfChoiceAndThenOfOutput() {
        var response =
                FoldedStream.started()
                        .text(2, 0, "c")
                        .say(Placement.content(0, 0, null).withChoice(1), new TextDelta("d", null))
                        .text(0, 0, "a")
                        .text(1, 0, "b")
                        .response();

        assertThat(response.items())
                .extracting(Response.Item::choiceIndex, it -> it.content().getFirst().text())
                .containsExactly(
                        tuple(null, "a"), tuple(null, "b"), tuple(null, "c"), tuple(1, "d"));
    }

    @Test
    void keepsFullReasoningAndItsSummaryApart() {
        var item =
                FoldedStream.started()
                        .say(0, 0, new ReasoningDelta("**Pl", Form.SUMMARY))
                        .say(0, 0, new ReasoningDelta("I think", Form.FULL))
                        .say(0, 0, new ReasoningDelta("an**", Form.SUMMARY))
                        .say(0, 0, completed(Lane.REASONING, Form.SUMMARY, null))
                        .item(0);

        assertThat(item.content())
                .extracting(Part::type, Part::form, Part::text)
                .containsExactly(
                        tuple("reasoning", Form.SUMMARY, "**Plan**"),
                        tuple("reasoning", Form.FULL, "I think"));
    }

    @Test
    void joinsARefusal() {
        var item =
                FoldedStream.started()
                        .say(0, 0, new RefusalDelta("I can"))
                        .say(0, 0, new RefusalDelta("not."))
                        .item(0);

        assertThat(item.content())
                .extracting(Part::type, Part::text)
                .containsExactly(tuple("refusal", "I cannot."));
    }

    @Test
    void showsAPartialToolCallAsFarAsItIsKnown() {
        var call =
                FoldedStream.started()
                        .say(
                                0,
                                new ItemStarted(
                                        new Item(
                                                Item.TOOL_CALL,
                                                null,
                                                null,
                                                null,
                                                "f",
                                                "c1",
                                                null,
                                                null)))
                        .say(0, new ToolDelta(null, InputKind.JSON, "{\"a\"", null))
                        .say(0, new ToolDelta(null, InputKind.JSON, ":1", null))
                        .item(0)
                        .call();

        assertThat(call)
                .isEqualTo(
                        new Response.Call(
                                "c1",
                                "f",
                                null,
                                null,
                                InputKind.JSON,
                                "{\"a\":1",
                                null,
                                null,
                                false));
    }

    @Test
    void takesTheWholeToolCallInPlaceOfItsPieces() {
        var call =
                FoldedStream.started()
                        .say(0, item(Item.TOOL_CALL))
                        .say(0, new ToolDelta("c1", InputKind.JSON, "{\"a\":1", null))
                        .say(0, call("f", "{\"a\":1}"))
                        .say(0, new ToolDelta("c1", InputKind.JSON, "late", null))
                        .item(0)
                        .call();

        assertThat(call)
                .isEqualTo(
                        new Response.Call(
                                "c1",
                                "f",
                                "ns",
                                "srv",
                                InputKind.JSON,
                                "{\"a\":1}",
                                Executor.MCP,
                                true,
                                true));
    }

    @Test
    void putsEachCommandOfAShellCallOnALineOfItsOwn() {
        var call =
                FoldedStream.started()
                        .say(0, 1, new ToolDelta(null, InputKind.COMMAND, "pwd", null))
                        .say(0, 0, new ToolDelta(null, InputKind.COMMAND, "ls", null))
                        .say(0, 0, new ToolDelta(null, InputKind.COMMAND, " -l", null))
                        .say(0, 0, completed(Lane.TOOL, null, null))
                        .item(0)
                        .call();

        assertThat(call)
                .isEqualTo(
                        new Response.Call(
                                null,
                                null,
                                null,
                                null,
                                InputKind.COMMAND,
                                "ls -l\npwd",
                                null,
                                null,
                                false));
    }

    @Test
    void joinsCodeAndKeepsTheToolsStatusAndResults() {
        var item =
                FoldedStream.started()
                        .say(0, new ToolDelta(null, InputKind.CODE, "print(", null))
                        .say(0, new ToolDelta(null, InputKind.CODE, "1)", null))
                        .say(0, new ToolStatus("code_interpreter", null, "interpreting"))
                        .say(0, new ToolStatus("code_interpreter", null, "completed"))
                        .say(0, result(new IntNode(1), null, false))
                        .item(0);

        assertThat(item.call())
                .isEqualTo(
                        new Response.Call(
                                null,
                                null,
                                null,
                                null,
                                InputKind.CODE,
                                "print(1)",
                                null,
                                null,
                                false));
        assertThat(item.toolStatus()).isEqualTo("completed");
        assertThat(item.results())
                .containsExactly(new Response.Result("t", null, new IntNode(1), null, null));
    }

    @Test
    void joinsPartialResultsPerStreamUntilTheWholeOneOfThatStreamComes() {
        var stream =
                FoldedStream.started()
                        .say(0, result(new TextNode("a"), OutputStream.STDOUT, true))
                        .say(0, result(new TextNode("!"), OutputStream.STDERR, true))
                        .say(0, result(new TextNode("b"), OutputStream.STDOUT, true));

        assertThat(stream.item(0).results())
                .extracting(Response.Result::stream, Response.Result::output)
                .containsExactly(
                        tuple(OutputStream.STDOUT, new TextNode("ab")),
                        tuple(OutputStream.STDERR, new TextNode("!")));

        stream.say(0, result(new TextNode("abc"), OutputStream.STDOUT, false));

        assertThat(stream.item(0).results())
                .extracting(Response.Result::stream, Response.Result::output)
                .containsExactly(
                        tuple(OutputStream.STDOUT, new TextNode("abc")),
                        tuple(OutputStream.STDERR, new TextNode("!")));
    }

    @Test
    void aWholeResultOfNoStreamReplacesAllThatWasPartial() {
        var item =
                FoldedStream.started()
                        .say(0, result(new TextNode("a"), OutputStream.STDOUT, true))
                        .say(0, result(new TextNode("b"), OutputStream.STDERR, true))
                        .say(0, result(new TextNode("whole"), null, false))
                        .item(0);

        assertThat(item.results())
                .extracting(Response.Result::output)
                .containsExactly(new TextNode("whole"));
    }

    @Test
    void givesCitationsToThePartTheyArePlacedAt() {
        var first = new Citation("url_citation", "https://a", null, null, null, 0L, 3L, null, null);
        var second = new Citation("file_citation", null, null, "f", null, null, null, null, null);
        var item =
                FoldedStream.started()
                        .text(0, 0, "abc")
                        .text(0, 1, "def")
                        .say(0, 1, new CitationAdded(0, first))
                        .say(0, 1, new CitationAdded(1, second))
                        .item(0);

        assertThat(item.content())
                .extracting(Part::text, Part::citations)
                .containsExactly(tuple("abc", List.of()), tuple("def", List.of(first, second)));
    }

    @Test
    void takesTheSpeakerWhoBecomesKnownAfterTheWords() {
        var item =
                FoldedStream.started()
                        .say(0, 0, transcript("Hallo", "s1", null))
                        .say(0, 0, transcript("", "s1", "A"))
                        .item(0);

        assertThat(item.content())
                .extracting(Part::text, Part::segmentId, Part::speaker)
                .containsExactly(tuple("Hallo", "s1", "A"));
    }

    @Test
    void keepsEachSegmentOfATranscriptWithItsSpeaker() {
        var item =
                FoldedStream.started()
                        .say(0, 0, transcript("Hal", "s1", "A"))
                        .say(0, 0, transcript("Ja?", "s2", "B"))
                        .say(0, 0, transcript("lo", "s1", null))
                        .say(0, 0, completed(Lane.TRANSCRIPT, null, "s2"))
                        .item(0);

        assertThat(item.content())
                .extracting(Part::text, Part::segmentId, Part::speaker, Part::role)
                .containsExactly(
                        tuple("Hallo", "s1", "A", Speaker.USER),
                        tuple("Ja?", "s2", "B", Speaker.USER));
    }

    @Test
    void hashesTheAudioOfALaneAcrossItsDeltas() {
        var item =
                FoldedStream.started()
                        .say(0, 0, audio("aGVs")) // "hel"
                        .say(0, 0, audio("bG8=")) // "lo"
                        .item(0);

        assertThat(item.content())
                .extracting(Part::type, Part::text, Part::media)
                .containsExactly(
                        tuple(
                                "audio",
                                null,
                                new Response.Media(
                                        "audio/pcm", 5L, SHA_256_OF_HELLO, null, null, null)));
    }

    @Test
    void toleratesAudioThatIsNotBase64() {
        var item = FoldedStream.started().say(0, 0, audio("%%%")).item(0);

        assertThat(item.content())
                .extracting(Part::media)
                .singleElement()
                .hasFieldOrPropertyWithValue("bytes", 3L);
    }

    @Test
    void keepsTheLatestSnapshotOfEachImage() {
        var item =
                FoldedStream.started()
                        .say(0, new ImageSnapshot("image/png", "AAAA", null, null, true))
                        .say(0, new ImageSnapshot("image/png", null, "https://b", 1, false))
                        .say(0, new ImageSnapshot("image/png", "aGVsbG8=", null, null, false))
                        .item(0);

        assertThat(item.images())
                .containsExactly(
                        new Response.Media("image/png", 5L, SHA_256_OF_HELLO, null, null, null),
                        new Response.Media("image/png", null, null, "https://b", 1, null));
    }

    @Test
    void takesTheEndOfAnItemAndOfItsPartsFromTheirEvents() {
        var item =
                FoldedStream.started()
                        .say(Placement.item(0, "msg_1"), item(Item.MESSAGE))
                        .text(0, 0, "cut")
                        .say(0, 0, new ContentCompleted(Lane.TEXT, null, null, 3, null, true))
                        .say(
                                0,
                                new ItemCompleted(
                                        "reasoning", ItemStatus.INCOMPLETE, null, "opaque"))
                        .item(0);

        assertThat(item.itemId()).isEqualTo("msg_1");
        assertThat(item.kind()).isEqualTo("reasoning");
        assertThat(item.status()).isEqualTo("incomplete");
        assertThat(item.encrypted()).isTrue();
        assertThat(item.content()).extracting(Part::truncated).containsExactly(true);
    }

    @Test
    void givesAnItemToDeltasThatNoItemStartPrecedes() {
        var response =
                FoldedStream.started()
                        .say(Placement.NONE, new TextDelta("a", null))
                        .say(3, call("f", "{}"))
                        .response();

        assertThat(response.items())
                .extracting(Response.Item::outputIndex, Response.Item::kind)
                .containsExactly(tuple(0, "other"), tuple(3, "other"));
    }

    @Test
    void aFieldThatIsNotOfItsLaneMakesNoLaneOfItsOwn() {
        var item =
                FoldedStream.started()
                        .text(0, 0, "a")
                        .say(0, 0, completed(Lane.TEXT, Form.FULL, "s1"))
                        .item(0);

        assertThat(item.content()).extracting(Part::text).containsExactly("a");
    }

    @Test
    void ignoresWhatItDoesNotKnowButCountsItsSequence() {
        var raw = Json.MAPPER.createObjectNode().put("type", "hologram.delta");
        var stream = FoldedStream.started().text(0, 0, "a");
        var before = stream.response();

        stream.say(new EventBody.Unknown("hologram.delta", raw));

        assertThat(stream.response().lastSequence()).isEqualTo(before.lastSequence() + 1);
        assertThat(stream.response().items()).isEqualTo(before.items());
    }

    @Test
    void foldsAStreamOfManySmallDeltasInLinearWork() {
        var stream = FoldedStream.started();
        for (int i = 0; i < 200_000; i++) {
            stream.text(i % 4, 0, Character.toString('a' + i % 4));
        }

        assertThat(stream.response().items())
                .extracting(item -> item.content().getFirst().text())
                .containsExactly(
                        "a".repeat(50_000),
                        "b".repeat(50_000),
                        "c".repeat(50_000),
                        "d".repeat(50_000));
    }

    private static ItemStarted item(String kind) {
        return new ItemStarted(new Item(kind, null, null, null, null, null, null, null));
    }

    private static ContentCompleted completed(
            Lane lane, @Nullable Form form, @Nullable String segmentId) {
        return new ContentCompleted(lane, form, segmentId, 0, null, null);
    }

    private static ToolCall call(String name, String input) {
        return new ToolCall(
                "c1", name, "ns", "srv", InputKind.JSON, input, Executor.MCP, true, null);
    }

    private static ToolResult result(
            JsonNode output, @Nullable OutputStream stream, boolean partial) {
        return new ToolResult("t", null, output, stream, partial, null);
    }

    private static TranscriptDelta transcript(
            String text, String segment, @Nullable String speaker) {
        return new TranscriptDelta(text, Speaker.USER, segment, speaker, null, null, null);
    }

    private static AudioDelta audio(String base64) {
        return new AudioDelta("audio/pcm", base64, null, null, null, null);
    }
}
