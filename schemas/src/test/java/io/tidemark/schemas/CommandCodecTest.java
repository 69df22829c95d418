package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Command.OnDisconnect;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class CommandCodecTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final String START =
            """
            {"type":"stream.start","requestId":"%s","at":1,"api":"openai.responses",\
            "provider":"openai","model":"m","request":{"input":"c4n4ryc4"}}\
            """
                    .formatted(ID);

    @Test
    void aCommandAboutAStreamStandsWhereItsEventsStand() {
        var record = CommandCodec.record("t", new Command.Cancel(ID, 1));

        assertThat(record.topic()).isEqualTo("t");
        assertThat(record.partition()).isEqualTo(ID.partition()).isEqualTo(5);
        assertThat(record.key()).isEqualTo(ID.key());
        assertThat(CommandCodec.decode(record.value())).isEqualTo(new Command.Cancel(ID, 1));
    }

    @Test
    void aLeaseStandsOnThePartitionItSpeaksOf() {
        var lease = new Command.Lease(7, 1, "ingest-1", 6000L, List.of());

        var record = CommandCodec.record("t", lease);

        assertThat(record.partition()).isEqualTo(7);
        assertThat(record.key()).isEqualTo("lease".getBytes(UTF_8));
        assertThat(CommandCodec.decode(record.value())).isEqualTo(lease);
    }

    @Test
    void aClaimStandsOnThePartitionItClaims() {
        var claim = new Command.Claim(7, 1, "ingest-1");

        var record = CommandCodec.record("t", claim);

        assertThat(record.partition()).isEqualTo(7);
        assertThat(record.key()).isEqualTo("claim".getBytes(UTF_8));
        assertThat(CommandCodec.decode(record.value())).isEqualTo(claim);
    }

    @Test
    void aWordOnReadersThatCannotBeTrueIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command.Presence(ID, 1, "edge-1", -1, null))
                .withMessage("readers must not be negative, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command.Presence(ID, 1, "edge-1", 0, -1L))
                .withMessage("validMs must not be negative, was -1");
    }

    @Test
    void startsRoundTripWithWhateverTheyAsk() {
        Seeds.forEach(
                1000,
                any -> {
                    var values = any.values();
                    var start =
                            new Command.Start(
                                    ID,
                                    values.number(),
                                    values.name(),
                                    values.name(),
                                    values.name(),
                                    values.object(),
                                    values.oneOf(OnDisconnect.class),
                                    values.maybe(values::name),
                                    values.metadata(),
                                    values.maybe(values::name));

                    assertThat(CommandCodec.decode(CommandCodec.encode(start))).isEqualTo(start);
                });
    }

    @Test
    void aStartSaysWhatItsAbsentFieldsMean() {
        var start = (Command.Start) CommandCodec.decode(START.getBytes(UTF_8));

        assertThat(start.onDisconnect()).isEqualTo(OnDisconnect.CONTINUE);
        assertThat(start.metadata()).isEmpty();
        assertThat(start.tenant()).isNull();
    }

    @Test
    void aStartDoesNotChangeWithTheTreeItWasMadeFrom() {
        var request = Json.MAPPER.createObjectNode().put("input", "asked");
        var start = start(request, Map.of());

        request.put("input", "changed");

        assertThat(start.request().path("input").textValue()).isEqualTo("asked");
    }

    @Test
    void equalCommandsGiveEqualBytes() {
        var request = Json.MAPPER.createObjectNode();
        var labels = new LinkedHashMap<String, String>();
        for (int i = 0; i < 16; i++) {
            labels.put("k" + i, "v");
        }

        assertThat(CommandCodec.encode(start(request, labels.reversed())))
                .isEqualTo(CommandCodec.encode(start(request, labels)));
    }

    @Test
    void aCommandOfALaterVersionIsUnknownAndNeverWritten() {
        var read =
                CommandCodec.decode(
                        "{\"type\":\"stream.rewind\",\"at\":9,\"to\":1}".getBytes(UTF_8));

        assertThat(read).isEqualTo(new Command.Unknown("stream.rewind", 9));
        assertThatIllegalArgumentException().isThrownBy(() -> CommandCodec.record("t", read));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type         | `\"stream.start\"`    | 7",
                "type         | `\"type\"`            | `\"typ\"`",
                "requestId    | `:\"01M7`             | `:\"c4n4ryc4`",
                "requestId    | `\"requestId\"`       | `\"id\"`",
                "at           | `\"at\":1,`           | ``",
                "at           | `\"at\":1`            | `\"at\":\"c4n4ryc4\"`",
                "provider     | `\"provider\"`        | `\"producer\"`",
                "model        | `\"model\":\"m\"`     | `\"model\":[\"c4n4ryc4\"]`",
                "request      | `\"request\":{\"input\":\"c4n4ryc4\"}` | `\"request\":\"c4n4ryc4\"`",
                "request      | `\"request\":{\"input\":\"c4n4ryc4\"}` | `\"nothing\":0`",
                "onDisconnect | `\"at\":1`            | `\"at\":1,\"onDisconnect\":\"c4n4ryc4\"`",
                "metadata     | `\"at\":1`            | `\"at\":1,\"metadata\":{\"c4n4ryc4\":{}}`",
            })
    void namesWhatIsWrongAndNeverThePrompt(String field, String found, String replacement) {
        var json = START.replace(found, replacement);
        assertThat(json).isNotEqualTo(START);

        var thrown =
                catchThrowableOfType(
                        MalformedRecordException.class,
                        () -> CommandCodec.decode(json.getBytes(UTF_8)));

        assertThat(thrown).hasMessageContaining(field).hasMessageNotContaining(RandomValues.CANARY);
        assertThat(thrown).hasNoCause();
    }

    @Test
    void refusesWhatIsNotAnObject() {
        var thrown =
                catchThrowableOfType(
                        MalformedRecordException.class,
                        () -> CommandCodec.decode("[\"c4n4ryc4\"]".getBytes(UTF_8)));

        assertThat(thrown).hasMessage("value: not a JSON object");
    }

    private static Command.Start start(ObjectNode request, Map<String, String> metadata) {
        return new Command.Start(
                ID,
                1,
                "openai.responses",
                "openai",
                "m",
                request,
                OnDisconnect.CONTINUE,
                null,
                metadata,
                null);
    }
}
