package io.tidemark.ingest.internal.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.ProtocolViolation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$.a | {'a':7}",
                "$.a.b | {'a':{'b':7}}",
                "$.a[0] | {'a':[7]}",
                "$.a[2] | {'a':[null,null,7]}",
                "$.a[0][1].b | {'a':[[null,{'b':7}]]}",
                "$['a b'].c | {'a b':{'c':7}}",
                "$[\"a.b\"] | {'a.b':7}",
                "$['it\\'s'] | {'it\\u0027s':7}",
                "$['\\u00e9\\n'] | {'é\\n':7}",
                "$.über_1 | {'über_1':7}"
            })
    void leadsToOnePlace(String path, String json) {
        var root = ProviderJson.newObject();

        JsonPath.of(path).set(root, IntNode.valueOf(7), new JsonPath.Gaps());

        assertThat(root).isEqualTo(ProviderJson.object(json.replace('\'', '"')).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$",
                "a",
                "$a",
                "$.",
                "$..a",
                "$[0]",
                "$.a[-1]",
                "$.a[*]",
                "$.a[?@.b]",
                "$.a[1:2]",
                "$.a[9999999]",
                "$.a]",
                "$['a",
                "$['a'",
                "$['\\u12']x",
                "$['\\uzzzz']"
            })
    void isRefusedIfItLeadsToNone(String path) {
        assertThatThrownBy(() -> JsonPath.of(path)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void whatIsThereIsKept() {
        var root = ProviderJson.object("{\"a\":{\"b\":1,\"c\":[1,2]}}").orElseThrow();

        JsonPath.of("$.a.c[1]").set(root, IntNode.valueOf(7), new JsonPath.Gaps());

        assertThat(root).hasToString("{\"a\":{\"b\":1,\"c\":[1,7]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$.a.x", "$.a[0]", "$.b.x", "$.b[0].x", "$.c[1]"})
    void aValueCannotStandInsideAnother(String path) {
        var root = ProviderJson.object("{\"a\":1,\"b\":[1],\"c\":{}}").orElseThrow();

        assertThatThrownBy(
                        () -> JsonPath.of(path).set(root, IntNode.valueOf(7), new JsonPath.Gaps()))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void missingElementsAreLimitedInAllArraysTogether() {
        var root = ProviderJson.newObject();
        var gaps = new JsonPath.Gaps();
        int half = JsonPath.Gaps.MAX / 2;
        JsonPath.of("$.a[" + half + "]").set(root, IntNode.valueOf(7), gaps);
        JsonPath.of("$.b[" + half + "]").set(root, IntNode.valueOf(7), gaps);

        assertThatThrownBy(() -> JsonPath.of("$.c[1]").set(root, IntNode.valueOf(7), gaps))
                .hasMessage(
                        "The provider's stream holds more than 10000 missing elements in the arguments.");
    }

    @Test
    void itsLengthIsLimited() {
        int steps = JsonPath.STEPS_MAX;
        var longest = "$['" + "\\n".repeat((JsonPath.CHARS_MAX - 5) / 2) + "']";

        assertThat(JsonPath.of("$" + ".a".repeat(steps))).isNotNull();
        assertThat(JsonPath.of(longest)).isNotNull();
        assertThatThrownBy(() -> JsonPath.of("$" + ".a".repeat(steps + 1)))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> JsonPath.of("$." + "a".repeat(JsonPath.CHARS_MAX)))
                .isInstanceOf(ProtocolViolation.class);
    }
}
