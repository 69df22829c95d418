package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The schemas and the record classes say the same; a message says what to add where. */
class SchemaDriftTest {
    private static final Set<String> NOTHING = Set.of();

    @ParameterizedTest
    @EnumSource(EventType.class)
    void eventsAreWhatTheirSchemaSays(EventType type) {
        var placement =
                Arrays.stream(Placement.class.getRecordComponents()).map(it -> it.getName());
        var placed = Set.copyOf(placement.toList());
        /* The end of a stream says so, and an item's place is never absent. */
        var problems =
                SchemaDrift.between(
                        type.body(),
                        ShippedSchema.EVENT,
                        ShippedSchema.EVENT.ofType(type.wire()),
                        placed,
                        Set.of("final"));

        assertThat(problems).isEmpty();
    }

    @Test
    void theEnvelopeIsWhatItsSchemaSays() {
        var envelope =
                Set.of("schemaVersion", "type", "requestId", "sequence", "at", "final", "sealed");

        assertThat(
                        SchemaDrift.between(
                                Placement.class,
                                ShippedSchema.EVENT,
                                ShippedSchema.EVENT.json(),
                                NOTHING,
                                envelope))
                .isEmpty();
    }

    @Test
    void responsesAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(Response.class, ShippedSchema.RESPONSE)).isEmpty();
    }

    @Test
    void ledgerRowsAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(UsageRow.class, ShippedSchema.USAGE_ROW)).isEmpty();
    }

    @Test
    void rollupsAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(Rollup.class, ShippedSchema.ROLLUP)).isEmpty();
    }

    static Stream<Class<?>> commands() {
        return written(Command.class, Command.ForStream.class);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsAreWhatTheirSchemaSays(Class<?> command) throws Exception {
        var type =
                Goldens.in("commands")
                        .filter(it -> CommandCodec.decode(it.bytes()).getClass() == command)
                        .map(Goldens.Golden::type)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no golden file of a " + command));

        assertThat(ofTypes(command, ShippedSchema.COMMAND, type)).isEmpty();
    }

    static Stream<Class<?>> startWords() {
        return written(StartWord.class);
    }

    @ParameterizedTest
    @MethodSource("startWords")
    void wordsOnAStartAreWhatTheirSchemaSays(Class<?> word) {
        var type = word.getSimpleName().toLowerCase(Locale.ROOT);

        assertThat(ofTypes(word, ShippedSchema.START_WORD, type)).isEmpty();
    }

    @Test
    void revocationsAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(Revocation.class, ShippedSchema.REVOCATION)).isEmpty();
    }

    @Test
    void erasuresAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(Erasure.class, ShippedSchema.ERASURE)).isEmpty();
    }

    @Test
    void keysAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(WrappedKey.class, ShippedSchema.WRAPPED_KEY)).isEmpty();
    }

    @Test
    void wordsOnGenerationsAreWhatTheirSchemaSays() {
        var schema = ShippedSchema.GENERATION_WORD;
        var building = schema.json().deepCopy();
        ((ArrayNode) building.path("required")).add("begins");
        var current = Set.of("begins");

        assertThat(
                        SchemaDrift.between(
                                GenerationWord.Building.class, schema, building, NOTHING, NOTHING))
                .isEmpty();
        assertThat(
                        SchemaDrift.between(
                                GenerationWord.Current.class,
                                schema,
                                schema.json(),
                                NOTHING,
                                current))
                .isEmpty();
    }

    @Test
    void deadLettersAreWhatTheirSchemaSays() {
        assertThat(SchemaDrift.between(DeadLetter.class, ShippedSchema.DEAD_LETTER_HEADERS))
                .isEmpty();
    }

    @Test
    void aFieldThatIsNotInTheSchemaIsTold() {
        record Longer(String here, @Nullable Long there) {}

        assertThat(SchemaDrift.between(Longer.class, ShippedSchema.REVOCATION))
                .contains(
                        "revocation.schema.json: SchemaDriftTest$1Longer.here is not in the schema: add"
                                + " \"here\" to the properties and to required",
                        "revocation.schema.json: SchemaDriftTest$1Longer.there is not in the schema: add"
                                + " \"there\" to the properties",
                        "revocation.schema.json: the schema has \"issuedBefore\", and"
                                + " SchemaDriftTest$1Longer has no such field: take it out, or add the"
                                + " field");
    }

    @Test
    void aFieldOfAnotherTypeOrThatMayBeAbsentIsTold() {
        record Other(StreamId requestId, @Nullable Long at, String issuedBefore) {}

        assertThat(SchemaDrift.between(Other.class, ShippedSchema.REVOCATION))
                .containsExactly(
                        "revocation.schema.json: SchemaDriftTest$1Other.at may be absent: take \"at\" out"
                                + " of required",
                        "revocation.schema.json: SchemaDriftTest$1Other.issuedBefore is of the type"
                                + " string, and the schema says integer");
    }

    @Test
    void aConstantThatIsNotInTheSchemaIsTold() {
        record Row(LifecycleBody.Scope status) {}
        var schema = ShippedSchema.USAGE_ROW;
        var part = schema.json().deepCopy();
        part.putArray("required").add("status");
        ((ObjectNode) part.path("properties")).retain("status");

        assertThat(SchemaDrift.between(Row.class, schema, part, NOTHING, NOTHING))
                .singleElement()
                .asString()
                .contains("Row.status is one of [response, session], and the schema says [");
    }

    private static Stream<Class<?>> written(Class<?>... interfaces) {
        return Stream.of(interfaces)
                .flatMap(it -> Arrays.stream(it.getPermittedSubclasses()))
                .filter(it -> it.isRecord() && !it.getSimpleName().equals("Unknown"));
    }

    private static List<String> ofTypes(Class<?> record, ShippedSchema schema, String type) {
        return SchemaDrift.between(record, schema, schema.ofType(type), Set.of("at"), NOTHING);
    }
}
