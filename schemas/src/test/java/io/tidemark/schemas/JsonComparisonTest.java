package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.JsonDifference.Extent;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

class JsonComparisonTest {
    private static final JsonComparison RESPONSES = JsonComparison.ofResponses();

    private final FoldedStream stream =
            FoldedStream.started()
                    .text(0, 0, "first")
                    .text(0, 1, "second")
                    .say(new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null));
    private final byte[] response = ResponseCodec.encode(stream.response());
    private final byte[] row = ResponseCodec.encode(stream.row());

    @Test
    void equalDocumentsDoNotDiffer() {
        assertThat(RESPONSES.between(response, response.clone())).isEmpty();
    }

    @Test
    void aFieldDiffersWhereItStands() {
        var found = altered(response, it -> at(it, "/items/0/content/1").put("text", "another"));

        assertThat(RESPONSES.between(response, found))
                .containsExactly(
                        new JsonDifference(
                                "/items/0/content/1/text",
                                extent("\"second\""),
                                extent("\"another\"")));
    }

    @Test
    void whatIsNotThereHasNoExtent() {
        var without = altered(response, it -> it.remove("finishReason"));

        assertThat(RESPONSES.between(response, without))
                .containsExactly(new JsonDifference("/finishReason", extent("\"stop\""), null));
        assertThat(RESPONSES.between(without, response))
                .containsExactly(new JsonDifference("/finishReason", null, extent("\"stop\"")));
    }

    @Test
    void aListThatIsLongerHasMoreElements() {
        var found = altered(response, it -> it.withArray("/items").addObject().put("kind", "x"));

        assertThat(RESPONSES.between(response, found))
                .containsExactly(new JsonDifference("/items/1", null, extent("{\"kind\":\"x\"}")));
    }

    @Test
    void namesThatOthersChoseAreNotInAPointer() {
        var found =
                altered(
                        response,
                        it -> {
                            it.putObject("metadata").put("a secret", "label");
                            it.put("a stranger", 1);
                            at(it, "/items/0").put("another stranger", 1);
                        });

        assertThat(RESPONSES.between(response, found))
                .extracting(JsonDifference::pointer)
                .containsExactly("/metadata", "/items/0", "");
        assertThat(RESPONSES.between(response, found).toString())
                .doesNotContain("secret", "stranger");
    }

    @Test
    void aDocumentThatIsSpelledInAnotherWayDiffersAsAWhole() {
        var found =
                (new String(response, StandardCharsets.UTF_8) + " ")
                        .getBytes(StandardCharsets.UTF_8);

        assertThat(RESPONSES.between(response, found))
                .extracting(JsonDifference::pointer)
                .containsExactly("");
    }

    @Test
    void whatIsNoObjectDiffersAsAWhole() {
        var found = "[]".getBytes(StandardCharsets.UTF_8);

        assertThat(RESPONSES.between(response, found))
                .extracting(JsonDifference::pointer, JsonDifference::found)
                .containsExactly(org.assertj.core.api.Assertions.tuple("", extent("[]")));
    }

    @Test
    void ledgerRowsAreComparedAsWell() {
        var found = altered(row, it -> it.put("attempts", 4));

        assertThat(JsonComparison.ofUsageRows().between(row, found))
                .containsExactly(new JsonDifference("/attempts", extent("1"), extent("4")));
    }

    @Test
    void noMoreThanSoManyAreTold() {
        var found =
                altered(
                        response,
                        it -> {
                            for (int i = 0; i < 2 * JsonComparison.DIFFERENCES_MAX; i++) {
                                it.withArray("/warnings").add("w" + i);
                            }
                        });

        assertThat(RESPONSES.between(response, found)).hasSize(JsonComparison.DIFFERENCES_MAX);
    }

    private static ObjectNode at(ObjectNode json, String pointer) {
        return (ObjectNode) json.at(pointer);
    }

    private static byte[] altered(byte[] document, Consumer<ObjectNode> alteration) {
        var json = Json.object(Json.RESULTS, document);
        alteration.accept(json);
        return Json.bytes(Json.RESULTS, json);
    }

    private static Extent extent(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Extent(bytes.length, MediaHash.hexOf(bytes));
    }
}
