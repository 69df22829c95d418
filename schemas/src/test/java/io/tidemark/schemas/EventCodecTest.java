package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

class EventCodecTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final String CANARY = RandomValues.CANARY;
    private static final String VALID =
            """
            {"schemaVersion":1,"type":"text.delta","requestId":"%s","sequence":3,"at":5,\
            "outputIndex":0,"text":"%s"}\
            """
                    .formatted(ID, CANARY);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "schemaVersion | `\"schemaVersion\":1,`      | ``",
                "schemaVersion | `\"schemaVersion\":1`       | `\"schemaVersion\":2`",
                "schemaVersion | `\"schemaVersion\":1`       | `\"schemaVersion\":1.5`",
                "schemaVersion | `\"schemaVersion\":1`       | `\"schemaVersion\":\"1\"`",
                "schemaVersion | `\"schemaVersion\":1`       | `\"schemaVersion\":null`",
                "type          | `\"type\":\"text.delta\",`  | ``",
                "type          | `\"type\":\"text.delta\"`   | `\"type\":7`",
                "type          | `\"type\":\"text.delta\"`   | `\"type\":null`",
                "requestId     | `\"requestId\"`             | `\"id\"`",
                "requestId     | `:\"01M7`                   | `:\"c4n4ryc4`",
                "requestId     | `:\"01M7`                   | `:\"01m7`",
                "sequence      | `\"sequence\":3,`           | ``",
                "sequence      | `\"sequence\":3`            | `\"sequence\":-1`",
                "sequence      | `\"sequence\":3`            | `\"sequence\":3.0`",
                "sequence      | `\"sequence\":3`            | `\"sequence\":\"c4n4ryc4\"`",
                "sequence      | `\"sequence\":3`            | `\"sequence\":9223372036854775808`",
                "at            | `\"at\":5,`                 | ``",
                "at            | `\"at\":5`                  | `\"at\":-5`",
                "at            | `\"at\":5`                  | `\"at\":true`",
                "outputIndex   | `\"outputIndex\":0`         | `\"outputIndex\":\"c4n4ryc4\"`",
                "outputIndex   | `\"outputIndex\":0`         | `\"outputIndex\":\"0\"`",
                "outputIndex   | `\"outputIndex\":0`         | `\"outputIndex\":-1`",
                "outputIndex   | `\"outputIndex\":0`         | `\"outputIndex\":0.5`",
                "outputIndex   | `\"outputIndex\":0`         | `\"outputIndex\":2147483648`",
                "itemId        | `\"outputIndex\":0`         | `\"itemId\":7`",
                "itemId        | `\"outputIndex\":0`         | `\"itemId\":[\"c4n4ryc4\"]`",
                "sessionSequence | `\"outputIndex\":0`       | `\"sessionSequence\":-1`",
            })
    void namesTheFieldOfAMalformedEnvelopeAndNeverThePayload(
            String field, String found, String replacement) {
        var json = VALID.replace(found, replacement);
        assertThat(json).isNotEqualTo(VALID);

        var thrown =
                catchThrowableOfType(
                        MalformedRecordException.class, () -> EventCodec.decode(utf8(json)));

        assertThat(thrown.field()).isIn(field, "value");
        assertThat(thrown).hasMessageContaining(field);
        assertThat(allThatALogWouldShow(thrown)).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c4n4ryc4",
                "\"c4n4ryc4\"",
                "[\"c4n4ryc4\"]",
                "null",
                "{\"text\":\"c4n4ryc4",
                "{\"text\":\"c4n4ryc4\"} {}",
                "{\"text\":c4n4ryc4}",
                "{\"text\":\"\\uc4n4ryc4\"}",
            })
    void refusesWhatIsNotOneJsonObject(String json) {
        var thrown =
                catchThrowableOfType(
                        MalformedRecordException.class, () -> EventCodec.decode(utf8(json)));

        assertThat(thrown.field()).isEqualTo("value");
        assertThat(allThatALogWouldShow(thrown)).doesNotContain(CANARY);
    }

    @Test
    void neverWritesWhatItCouldNotReadBack() {
        var deep = "[".repeat(Json.DEPTH_MAX - 1) + "]".repeat(Json.DEPTH_MAX - 1);
        var readable = new ProviderEvent("p", "t", Reason.OPTED_IN, json(deep), null);
        var tooDeep = new ProviderEvent("p", "t", Reason.OPTED_IN, json("[" + deep + "]"), null);

        assertThat(EventCodec.decode(EventCodec.encode(event(readable))).body())
                .isEqualTo(readable);
        assertThatThrownBy(() -> EventCodec.encode(event(tooDeep)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void refusesTooDeeplyNestedJsonWithoutQuotingIt() {
        var json =
                VALID.replace(
                        "\"text\"", "\"deep\":" + "[".repeat(300) + "]".repeat(300) + ",\"text\"");

        assertThatThrownBy(() -> EventCodec.decode(utf8(json)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("value: not JSON");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"type\":\"hologram.delta\"}`, false",
                "`{\"type\":\"hologram.delta\",\"final\":true}`, true",
                "`{\"type\":\"hologram.delta\",\"final\":false}`, false",
                "`{\"type\":\"hologram.delta\",\"final\":\"true\"}`, false",
                "`{\"type\":\"text.delta\",\"text\":7}`, false",
                "`{\"type\":\"stream.completed\",\"outcome\":\"new\",\"final\":true}`, true",
                "`{\"type\":\"stream.failed\"}`, true",
            })
    void anUnknownEventEndsItsStreamByItsFinalFieldOrItsType(String json, boolean terminal) {
        var event = EventCodec.decode(enveloped(json));

        assertThat(event.body()).isInstanceOf(EventBody.Unknown.class);
        assertThat(event.terminal()).isEqualTo(terminal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"text.delta\"}",
                "{\"type\":\"text.delta\",\"text\":null}",
                "{\"type\":\"text.delta\",\"text\":7}",
                "{\"type\":\"text.delta\",\"text\":\"a\",\"logprobs\":{}}",
                "{\"type\":\"reasoning.delta\",\"text\":\"a\",\"form\":0}",
                "{\"type\":\"reasoning.delta\",\"text\":\"a\",\"form\":\"0\"}",
                "{\"type\":\"content.completed\",\"lane\":\"text\",\"bytes\":-1}",
                "{\"type\":\"content.completed\",\"lane\":\"text\",\"bytes\":1.5}",
                "{\"type\":\"content.completed\",\"lane\":\"text\"}",
                "{\"type\":\"image.snapshot\",\"mimeType\":\"image/png\",\"partial\":\"true\"}",
                "{\"type\":\"usage.updated\",\"usage\":{\"input\":-1}}",
                "{\"type\":\"usage.updated\",\"usage\":{\"input\":9223372036854775808}}",
                "{\"type\":\"usage.updated\",\"usage\":{\"audioSeconds\":1e400}}",
                "{\"type\":\"usage.updated\",\"usage\":{\"audioSeconds\":-1}}",
                "{\"type\":\"stream.started\",\"provider\":\"p\",\"model\":\"m\",\"metadata\":{\"a\":null}}",
            })
    void aBodyThatItsTypeRefusesIsUnknownRatherThanConverted(String json) {
        assertThat(EventCodec.decode(enveloped(json)).body()).isInstanceOf(EventBody.Unknown.class);
    }

    @Test
    void neverWritesAnUnknownEvent() {
        var unknown = EventCodec.decode(enveloped("{\"type\":\"hologram.delta\"}"));

        assertThatIllegalArgumentException().isThrownBy(() -> EventCodec.encode(unknown));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567890123456789012345678901234567890",
                "-9223372036854775809",
                "0.10",
                "1.000000000000000000000000000000000000000000000010",
                "3.141592653589793238462643383279502884197169399375105820974944592307816406286",
                "0.000000000000000000000001",
                "1.0E+400",
            })
    void keepsTheDigitsOfForeignNumbers(String number) {
        for (var body :
                List.of(
                        "\"type\":\"provider.event\",\"provider\":\"p\",\"providerType\":\"t\","
                                + "\"reason\":\"opted_in\",\"data\":{\"n\":%s}",
                        "\"type\":\"text.delta\",\"text\":\"a\",\"logprobs\":[%s]",
                        "\"type\":\"usage.updated\",\"usage\":{\"raw\":{\"n\":%s}}")) {
            var event = EventCodec.decode(enveloped("{" + body.formatted(number) + "}"));

            var written = new String(EventCodec.encode(event), StandardCharsets.UTF_8);
            assertThat(written.replaceFirst(".*(\"n\":|\\[)", ""))
                    .startsWith(numberAsWritten(number));
        }
    }

    /* The exponent of a small number may be spelled, but no digit is lost. */
    private static String numberAsWritten(String number) {
        return number.equals("0.000000000000000000000001") ? "1E-24" : number;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "😀",
                "👩‍👩‍👧",
                "𝄞",
                "\ud83d",
                "\ude00",
                "\ud83dx",
                "x\ude00\ud83d",
                "e\u0301",
                "\ufeff",
                "\uffff",
                "\u202e",
                "日本語",
            })
    void keepsTextToTheLastCodeUnitEvenHalfASurrogatePair(String text) {
        var read = EventCodec.decode(EventCodec.encode(delta(text)));

        assertThat(read.body()).isEqualTo(new TextDelta(text, null));
    }

    @Test
    void halvesOfASurrogatePairInTwoDeltasJoinToTheWhole() {
        var fold = new ResponseFold();
        fold.add(1, EventCodec.decode(EventCodec.encode(delta("\ud83d"))));
        fold.add(1, EventCodec.decode(EventCodec.encode(delta("\ude00"))));

        var item = fold.response().orElseThrow().items().getFirst();
        assertThat(item.content().getFirst().text()).isEqualTo("😀");
    }

    @Test
    void textWithEveryControlCharacterStaysOnOneLine() {
        var text = new StringBuilder("\u2028\u2029\u0085");
        for (char c = 0; c < 0x20; c++) {
            text.append(c);
        }

        var json = EventCodec.encode(delta(text.toString()));

        for (byte b : json) {
            assertThat(b < 0 || b >= 0x20).as("byte %d", b).isTrue();
        }
        assertThat(EventCodec.decode(json).body()).isEqualTo(new TextDelta(text.toString(), null));
    }

    @Test
    void nullIsAbsent() {
        var event =
                EventCodec.decode(
                        enveloped(
                                "{\"type\":\"text.delta\",\"text\":\"a\",\"logprobs\":null,\"itemId\":null}"));

        assertThat(new String(EventCodec.encode(event), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"schemaVersion\":1,\"type\":\"text.delta\",\"requestId\":\""
                                + ID
                                + "\",\"sequence\":3,\"at\":5,\"text\":\"a\"}");
    }

    @Test
    void terminalTypesAndOnlyTheyAreWrittenFinal() {
        Seeds.forEach(
                200,
                any -> {
                    var event = any.event();
                    var json = Json.object(EventCodec.encode(event));
                    assertThat(json.has("final")).isEqualTo(EventType.endsStream(event.type()));
                });
    }

    @Test
    void aCompletedStreamIsTerminalEvenWithoutItsFinalField() {
        var event =
                EventCodec.decode(
                        enveloped(
                                "{\"type\":\"stream.completed\",\"outcome\":\"complete\","
                                        + "\"finishReason\":\"stop\"}"));

        assertThat(event.body()).isInstanceOf(Completed.class);
        assertThat(event.terminal()).isTrue();
    }

    /** Envelope, placement and body share one flat object, so no name may have two meanings. */
    @Test
    void noBodyHasAFieldOfTheEnvelopeButTheOneThatStreamEventSettles() {
        var taken =
                new HashSet<>(
                        List.of("schemaVersion", "type", "requestId", "sequence", "at", "final"));
        Arrays.stream(Placement.class.getRecordComponents()).forEach(it -> taken.add(it.getName()));

        for (var type : EventType.values()) {
            for (var component : type.body().getRecordComponents()) {
                boolean settled =
                        type == EventType.PROVIDER_EVENT
                                && component.getName().equals("providerType");
                assertThat(settled || !taken.contains(component.getName()))
                        .as("%s.%s", type.wire(), component.getName())
                        .isTrue();
            }
        }
    }

    @Test
    void aProviderEventWritesItsProviderTypeOnce() {
        var body = new ProviderEvent("openai", "new.frame", Reason.UNKNOWN_TYPE, null, null);
        var placement = Placement.NONE.withProviderType("new.frame");

        var json = EventCodec.encode(new StreamEvent(ID, 0, 0, placement, body));

        assertThat(new String(json, StandardCharsets.UTF_8)).containsOnlyOnce("providerType");
    }

    private static StreamEvent event(EventBody body) {
        return new StreamEvent(ID, 0, 0, Placement.NONE, body);
    }

    private static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StreamEvent delta(String text) {
        return new StreamEvent(ID, 0, 0, Placement.content(0, 0, null), new TextDelta(text, null));
    }

    private static ObjectNode enveloped(String body) {
        var json = Json.object(utf8(body));
        return json.put("schemaVersion", 1)
                .put("requestId", ID.toString())
                .put("sequence", 3)
                .put("at", 5);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String allThatALogWouldShow(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
