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
import org.junit.jupiter.params.provider.MethodSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
                .withMessage("validMs must be 0 to 300000, was -1");
    }

    static Stream<Command> commandsAtTheLimits() {
        int number = Attempt.NUMBER_MAX;
        return Stream.of(
                new Command.Presence(ID, 1, "edge-1", 0, 0L),
                new Command.Presence(ID, 1, "edge-1", Integer.MAX_VALUE, 300_000L),
                new Command.Done(ID, 1, "ingest-1", 0, 1, 0),
                new Command.Done(ID, 1, "ingest-1", Long.MAX_VALUE, number, Long.MAX_VALUE),
                new Command.Claim(0, 1, "ingest-1"),
                new Command.Claim(StreamId.PARTITION_MAX, 1, "ingest-1"),
                new Command.Lease(0, 1, "ingest-1", 0L, open(0, 1, 0, -1)),
                new Command.Lease(
                        StreamId.PARTITION_MAX,
                        1,
                        "ingest-1",
                        86_400_000L,
                        open(Long.MAX_VALUE, number, Long.MAX_VALUE, Long.MAX_VALUE)));
    }

    private static List<Command.OpenStream> open(long epoch, int attempt, long next, long offset) {
        return List.of(new Command.OpenStream(ID, epoch, attempt, next, offset));
    }

    @ParameterizedTest
    @MethodSource("commandsAtTheLimits")
    void aCommandAtTheLimitsIsReadAsItWasWritten(Command command) {
        assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }

    @Test
    void aNumberBeyondTheLimitsIsTheFieldAtFault() {
        var json = CommandCodec.encode(new Command.Lease(0, 1, "ingest-1", 0L, open(7, 1, 0, -1)));
        var wrong = new String(json, UTF_8).replace("\"epoch\":7", "\"epoch\":-7");

        var thrown =
                catchThrowableOfType(
                        MalformedRecordException.class,
                        () -> CommandCodec.decode(wrong.getBytes(UTF_8)));

        assertThat(thrown).hasMessage("open.[0].epoch: must not be negative, was -7").hasNoCause();
        assertThat(thrown.field()).isEqualTo("open.[0].epoch");
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
