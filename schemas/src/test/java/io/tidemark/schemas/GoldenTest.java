package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.stream.Collectors.toSet;

import io.tidemark.schemas.Goldens.Golden;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The wire format as it was released: what these files hold must read and write the same for ever.
 */
class GoldenTest {
    static Stream<Golden> events() throws Exception {
        return Goldens.in("events");
    }

    static Stream<Golden> commands() throws Exception {
        return Goldens.in("commands");
    }

    static Stream<Golden> responses() throws Exception {
        return Goldens.in("responses");
    }

    static Stream<Golden> usage() throws Exception {
        return Goldens.in("usage");
    }

    static Stream<Golden> rollups() throws Exception {
        return Goldens.in("rollups");
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventReadsAsItsTypeAndWritesTheSameBytes(Golden golden) {
        var event = EventCodec.decode(golden.bytes());

        assertThat(event.body()).isNotInstanceOf(EventBody.Unknown.class);
        assertThat(event.type()).isEqualTo(golden.type());
        assertThat(text(EventCodec.encode(event))).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsValidAgainstTheShippedSchema(Golden golden) {
        assertThat(ShippedSchema.EVENT.problemsOf(golden.bytes())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyFieldOfEveryTypeIsInSomeGolden(EventType type) throws Exception {
        var fields = Arrays.stream(type.body().getRecordComponents()).map(it -> it.getName());

        assertThat(fieldsOf(events().filter(golden -> golden.type().equals(type.wire()))))
                .containsAll(fields.toList());
    }

    @Test
    void everyPlacementFieldIsInSomeGolden() throws Exception {
        var fields = Arrays.stream(Placement.class.getRecordComponents()).map(it -> it.getName());

        assertThat(fieldsOf(events())).containsAll(fields.toList());
    }

    @Test
    void everyGoldenIsOfATypeThatExists() throws Exception {
        var types = Arrays.stream(EventType.values()).map(EventType::wire).toList();

        assertThat(events().map(Golden::type).collect(toSet())).hasSameElementsAs(types);
    }

    @Test
    void whatALaterVersionWritesIsReadAsFarAsItIsKnown() throws Exception {
        var read = Goldens.lines("future/events.ndjson").stream().map(GoldenTest::decode).toList();

        assertThat(read)
                .extracting(StreamEvent::type, event -> unknown(event), StreamEvent::terminal)
                .containsExactly(
                        row("hologram.delta", true, false),
                        row("stream.paused", true, false),
                        row("text.delta", false, false),
                        row("stream.started", true, false),
                        row("reasoning.delta", true, false),
                        row("tool.call", true, false),
                        row("stream.completed", true, true));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandReadsAsItsTypeAndWritesTheSameBytes(Golden golden) {
        var command = CommandCodec.decode(golden.bytes());

        assertThat(command).isNotInstanceOf(Command.Unknown.class);
        assertThat(text(CommandCodec.encode(command))).isEqualTo(golden.json());
    }

    @Test
    void everyCommandHasAGolden() throws Exception {
        var covered =
                commands().map(it -> CommandCodec.decode(it.bytes()).getClass().getSimpleName());

        assertThat(covered.collect(toSet()))
                .containsExactlyInAnyOrder("Start", "Cancel", "Presence", "Done", "Lease", "Claim");
    }

    /* One of these would be read by each owner of a partition in turn. */
    @Test
    void aCommandWithNumbersThatNoWriterHasIsMalformed() throws Exception {
        assertThat(Goldens.lines("malformed/commands.ndjson"))
                .extracting(GoldenTest::refusalOfCommand)
                .containsExactly(
                        "readers: must not be negative, was -1",
                        "validMs: must be 0 to 300000, was -1",
                        "validMs: must be 0 to 300000, was 300001",
                        "epoch: must not be negative, was -1",
                        "attempt: must be 1 to 1000000, was 0",
                        "attempt: must be 1 to 1000000, was 2147483647",
                        "attempt: has a wrong type or value",
                        "lastSequence: must not be negative, was -1",
                        "partition: must be 0 to 65535, was -1",
                        "partition: must be 0 to 65535, was 65536",
                        "partition: must be 0 to 65535, was -1",
                        "validMs: must be 0 to 86400000, was -1",
                        "validMs: must be 0 to 86400000, was 9223372036854775807",
                        "open.[1].epoch: must not be negative, was -1",
                        "open.[1].attempt: must be 1 to 1000000, was -1",
                        "open.[1].attempt: must be 1 to 1000000, was 1000001",
                        "open.[1].nextSequence: must not be negative, was -1",
                        "open.[1].lastOffset: must be -1 to 9223372036854775807, was -2");
    }

    @ParameterizedTest
    @MethodSource("responses")
    void aResponseWritesTheSameBytes(Golden golden) {
        var response = ResponseCodec.decode(golden.bytes());

        assertThat(text(ResponseCodec.encode(response))).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("usage")
    void aLedgerRowWritesTheSameBytes(Golden golden) {
        var row = ResponseCodec.decodeUsage(golden.bytes());

        assertThat(text(ResponseCodec.encode(row))).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("rollups")
    void aRollupWritesTheSameBytes(Golden golden) {
        var rollup = RollupCodec.decode(golden.bytes());

        assertThat(text(RollupCodec.encode(rollup))).isEqualTo(golden.json());
    }

    @Test
    void aRevocationWritesTheSameBytes() throws Exception {
        for (var golden : Goldens.in("revocations").toList()) {
            var read =
                    Revocation.of(new ConsumerRecord<>("revocations", 0, 0, null, golden.bytes()));

            assertThat(text(read.record("revocations").value())).isEqualTo(golden.json());
        }
    }

    @Test
    void aWordOnAStartWritesTheSameBytes() throws Exception {
        for (var golden : Goldens.in("start-keys").toList()) {
            var read = StartWord.decode(golden.bytes());

            assertThat(read).isNotInstanceOf(StartWord.Unknown.class);
            assertThat(text(read.encode())).isEqualTo(golden.json());
        }
    }

    @Test
    void aWordOnAGenerationWritesTheSameBytes() throws Exception {
        for (var golden : Goldens.in("generations").toList()) {
            var record =
                    new ConsumerRecord<>(
                            "generations",
                            GenerationWord.PARTITION,
                            0,
                            golden.type().getBytes(StandardCharsets.UTF_8),
                            golden.bytes());
            var read = GenerationWord.of(record).orElseThrow();

            assertThat(read.key()).isEqualTo(golden.type());
            assertThat(text(read.record("generations").value())).isEqualTo(golden.json());
        }
    }

    private static StreamEvent decode(String json) {
        return EventCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String refusalOfCommand(String json) {
        try {
            return "read as " + CommandCodec.decode(json.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedRecordException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean unknown(StreamEvent event) {
        return event.body() instanceof EventBody.Unknown;
    }

    private static Tuple row(String type, boolean unknown, boolean last) {
        return tuple(type, unknown, last);
    }

    private static Set<String> fieldsOf(Stream<Golden> goldens) {
        var fields = new HashSet<String>();
        for (var golden : goldens.toList()) {
            Json.object(golden.bytes()).fieldNames().forEachRemaining(fields::add);
        }
        return fields;
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
